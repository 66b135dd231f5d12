/** One connection for commands, made after the application's own; its settings, so that a command waits for nothing. */
export interface Connection {
  /** Whether a command would be written at once. */
  isReady(): boolean;
  /** Sends one command; `key` says which node of a Cluster it is for, if any in particular. */
  send(key: string | undefined, command: readonly string[]): Promise<unknown>;
  /** The name of the node of a Cluster that has a key; `undefined` if it is not known, and of one server. */
  nodeOf(key: string): string | undefined;
  /** Connects anew: behind the same address there may be another server by now. */
  renew(): void;
  close(): void;
}

/** What is told of one channel. */
export interface ChannelListener {
  message(text: string): void;
  /** Whether messages come at the moment. It may be told the same twice; each `true` is a subscription made anew. */
  subscribed(is: boolean): void;
}

/** The little that the stores need of a client, whoever made it. */
export interface Driver {
  /** A connection of our own to the same server: commands that the application sends do not wait for ours, nor ours. */
  connect(): Connection;
  /** Another one that listens to a channel, for good; the function that it answers ends it. */
  listen(channel: string, listener: ChannelListener): () => void;
  /** Calls back when the application has closed its client, so that nothing of ours keeps the process alive. */
  onEnd(listener: () => void): void;
}

// A connection that is lost, or refused, is tried again this soon, however long it has been away.
export const reconnectMs = 200;
// Whoever may not listen is told so again at once; there is no hurry.
export const refusedMs = 1_000;
// A server that takes a connection and then says nothing.
export const connectTimeoutMs = 2_000;
// A peer that is gone without a word: its address may be somebody else's by now.
export const silentMs = 5_000;
