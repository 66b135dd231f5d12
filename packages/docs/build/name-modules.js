import { Converter } from "typedoc";

/**
 * A TypeDoc plugin: calls the doors by what they are imported as, instead of by their files.
 *
 * @param {import("typedoc").Application} app
 */
export function load(app) {
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    for (const door of project.children ?? []) door.name = door.name.replace("/src", "");
  });
}
