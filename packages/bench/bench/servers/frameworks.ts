import type { Framework } from "./contestant.ts";
import { onExpress } from "./express.ts";
import { onFastify } from "./fastify.ts";
import { onKoa } from "./koa.ts";

export const frameworks: readonly Framework[] = [onExpress, onKoa, onFastify];
