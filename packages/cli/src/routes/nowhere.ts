import { Server } from "node:net";

/**
 * From here on every server of this process listens at a free port of loopback instead of its own: looking at the routes
 * of an application must not be in the way of one that runs.
 */
export function listenNowhere(): void {
  const listen: (this: Server, port: number, host: string, told?: () => void) => unknown = Reflect.get(
    Server.prototype,
    "listen",
  );
  function listenAnywhere(this: Server, ...args: readonly unknown[]): unknown {
    const told = args.find((argument): argument is () => void => typeof argument === "function");
    return listen.call(this, 0, "127.0.0.1", told);
  }
  Object.defineProperty(Server.prototype, "listen", { value: listenAnywhere });
}
