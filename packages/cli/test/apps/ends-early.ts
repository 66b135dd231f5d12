process.exit(7);
export {};
