import { createRequire } from "node:module";
import type express from "express";

/** Express 4 under its alias, which has no types of its own; what the tests use is the same in both. */
export const express4 = createRequire(import.meta.url)("express4") as typeof express;
