import { createServer } from "node:http";
import { createCloudbaseAuth, refuseUpgrade } from "@cloudbase-auth/core";
import { WebSocketServer } from "ws";

const host = process.env.HOST ?? "127.0.0.1";
const port = Number(process.env.PORT ?? 3004);
const auth = createCloudbaseAuth(); // whose users: CLOUDBASE_ENV_ID
const sockets = new WebSocketServer({ noServer: true, maxPayload: 16_384 });
const server = createServer((_request, response) => void response.writeHead(426).end("Open a WebSocket here.\n"));

server.on("upgrade", (request, socket, head) => {
  void auth.authenticateUpgrade(request, { origins: [], requirement: { anonymous: "allow" } }).then((upgrade) => {
    if (upgrade.error) return refuseUpgrade(socket, upgrade.error);
    sockets.handleUpgrade(request, socket, head, (ws) => {
      const connection = upgrade.hold(ws); // closes it with 4401 once the token is good no more
      ws.on("error", () => ws.terminate());
      ws.send(`hello ${connection.user.name ?? connection.user.id}`);

      ws.on("message", (data: Buffer) => {
        if (connection.signal.aborted) return; // sent before the closing reached the other side
        const [word, token = ""] = data.toString().split(" ");
        if (word !== "token") return ws.send(`you said ${data.toString()}`);
        void connection.extend(token).then((refusal) => {
          ws.send(refusal ? `refused ${refusal.code}` : `until ${new Date(connection.auth.expiresAt).toISOString()}`);
        });
      });
    });
  });
});

server.on("error", (error) => {
  console.error(`The WebSocket example cannot listen on ${host}:${port} (${error.message}); set PORT to a free one.`);
  process.exit(1);
});

server.listen(port, host, () => {
  const address = server.address();
  console.log(`WebSocket example: ws://${host}:${typeof address === "object" ? address?.port : port}`);
});

for (const signal of ["SIGINT", "SIGTERM"]) {
  process.once(signal, () => {
    for (const ws of sockets.clients) ws.close(1001);
    server.close(() => process.exit(0));
  });
}
