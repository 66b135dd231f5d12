export * from "./plain.ts";
export { cloudbaseAuth as default } from "./plugin.ts";
export type { CloudbaseProperties } from "./augmentation.ts";
