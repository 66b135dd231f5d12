import { createServer } from "node:http";
import { createCloudbaseAuth, refuseUpgrade } from "@cloudbase-auth/core";
import { WebSocketServer } from "ws";

const auth = createCloudbaseAuth();
const sockets = new WebSocketServer({ noServer: true });
const server = createServer().listen(Number(process.env.PORT ?? 3000));

server.on("upgrade", (request, socket, head) => {
  void auth.authenticateUpgrade(request, { origins: ["https://app.example"] }).then((upgrade) => {
    if (upgrade.error) return refuseUpgrade(socket, upgrade.error);
    sockets.handleUpgrade(request, socket, head, (ws) => {
      const connection = upgrade.hold(ws); // closes it with 4401 once the token is good no more
      ws.on("error", () => ws.terminate());
      ws.on("message", (data: Buffer) => {
        if (!connection.signal.aborted) ws.send(`${connection.user.id}: ${data.toString()}`);
      });
    });
  });
});
