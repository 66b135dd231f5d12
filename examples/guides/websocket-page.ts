/** A connection that comes back with a new token when the old one has ended. */
export function stayConnected(
  url: string,
  accessToken: () => Promise<string>,
  onMessage: (text: string) => void,
): () => void {
  let socket: WebSocket | undefined;
  let isOver = false;

  async function connect(): Promise<void> {
    const token = await accessToken(); // refreshed if need be
    if (isOver) return;
    socket = new WebSocket(url, ["bearer", token]); // pages can set no header
    socket.addEventListener("message", ({ data }) => onMessage(String(data)));
    socket.addEventListener("close", ({ code }) => {
      if (code === 4401) void connect(); // the token has expired or was revoked
    });
  }

  void connect();
  return () => {
    isOver = true;
    socket?.close();
  };
}
