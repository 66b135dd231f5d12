import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { parseReply } from "./messages.ts";
import type { Input, Numbers } from "./messages.ts";

/** A process of its own that answers questions with numbers; see `answer` for its side. */
export interface Child {
  ask(question: string, input?: Input): Promise<Numbers>;
  stop(): Promise<void>;
}

interface Waiting {
  readonly resolve: (numbers: Numbers) => void;
  readonly reject: (error: Error) => void;
}

export function startChild(script: URL, args: readonly string[], execArgv: readonly string[] = []): Child {
  const name = [script.pathname.split("/").pop(), ...args].join(" ");
  const child = fork(fileURLToPath(script), args, {
    execArgv: [...execArgv, "--disable-warning=ExperimentalWarning"],
    env: { ...process.env, NODE_ENV: "production" },
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  const waiting = new Map<number, Waiting>();
  let complaint = "";
  let asked = 0;

  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    complaint = (complaint + text).slice(-2_000);
  });
  child.on("message", (message: unknown) => {
    const reply = parseReply(message);
    const caller = waiting.get(reply.id);
    waiting.delete(reply.id);
    if (reply.ok) caller?.resolve(reply.numbers);
    else caller?.reject(new Error(`${name}: ${reply.message}`));
  });
  child.on("exit", (code, signal) => {
    const error = new Error(`${name} ended (${String(code ?? signal)}) before it answered\n${complaint}`);
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  });

  return {
    ask(question, input = {}) {
      asked += 1;
      const id = asked;
      return new Promise((resolve, reject) => {
        waiting.set(id, { resolve, reject });
        child.send({ id, question, input });
      });
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill("SIGKILL");
      await once(child, "exit");
    },
  };
}
