import { readdirSync } from "node:fs";
import { defineConfig } from "vitepress";
import type { DefaultTheme } from "vitepress";
import { gatheredPages, repository } from "../build/addresses.ts";
import { followRepositoryLinks } from "./links.ts";

const present = new Set(gatheredPages().map(([, page]) => `/${page}`));
const isPresent = ({ link = "" }: DefaultTheme.SidebarItem): boolean =>
  !link.startsWith("/reference/") || link.startsWith("/reference/api") || present.has(link);

const errorCodes = readdirSync(new URL("../errors", import.meta.url)).map((name) => name.replace(".md", ""));

const start = (prefix: string, text: string): DefaultTheme.SidebarItem => ({
  text,
  items: [
    { text: "Express", link: `${prefix}/start/express` },
    { text: "Koa", link: `${prefix}/start/koa` },
    { text: "Fastify", link: `${prefix}/start/fastify` },
  ],
});

const errors = (prefix: string, text: string, all: string): DefaultTheme.SidebarItem => ({
  text,
  collapsed: true,
  items: [
    { text: all, link: `${prefix}/errors` },
    ...errorCodes.map((code) => ({ text: code, link: `${prefix}/errors/${code}` })),
  ],
});

const sidebar: DefaultTheme.SidebarItem[] = [
  start("", "Five minutes"),
  { text: "How it works", link: "/how-it-works" },
  {
    text: "Guides",
    items: [
      { text: "Sessions in the browser", link: "/guides/sessions" },
      { text: "Several processes: Redis", link: "/guides/redis" },
      { text: "WebSocket", link: "/guides/websocket" },
      { text: "WeChat mini programs", link: "/guides/mini-programs" },
      { text: "CloudBase Run", link: "/guides/cloudbase-run" },
      { text: "Cloud functions", link: "/guides/functions" },
      { text: "Testing your app", link: "/guides/testing" },
      { text: "The command", link: "/guides/cli" },
      { text: "Migrating", link: "/guides/migrating" },
    ],
  },
  {
    text: "Packages",
    collapsed: true,
    items: [
      { text: "core", link: "/reference/core" },
      { text: "express", link: "/reference/express" },
      { text: "koa", link: "/reference/koa" },
      { text: "fastify", link: "/reference/fastify" },
      { text: "sessions", link: "/reference/sessions" },
      { text: "sessions: the routes", link: "/reference/routes" },
      { text: "redis", link: "/reference/redis" },
      { text: "testing", link: "/reference/testing" },
      { text: "cli", link: "/reference/cli" },
      { text: "emulator", link: "/reference/emulator" },
      { text: "Every export, by package", link: "/reference/api/" },
    ].filter(isPresent),
  },
  errors("", "Errors", "All errors"),
  {
    text: "Facts",
    items: [
      { text: "Security model", link: "/reference/security" },
      { text: "What it costs", link: "/reference/performance" },
      { text: "The Auth v2 API", link: "/wire" },
      { text: "What the official SDK sends", link: "/official-sdk" },
    ].filter(isPresent),
  },
];

/** As GitHub names headings, so that a link works in both places. */
function anchorOf(heading: string): string {
  return heading
    .trim()
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
    .replaceAll(/\s/g, "-");
}

/** Everything is served from the site itself: no font, script or picture comes from elsewhere. */
export default defineConfig({
  title: "cloudbase-auth",
  description: "Express, Koa and Fastify servers that trust the users of Tencent CloudBase Auth v2",
  srcExclude: ["**/README.md", "node_modules/**"],
  cleanUrls: true,
  lastUpdated: false, // the site is the same wherever and whenever it is built, with or without Git
  head: [["link", { rel: "icon", type: "image/svg+xml", href: "/icon.svg" }]],
  markdown: { config: followRepositoryLinks, anchor: { slugify: anchorOf } },
  locales: {
    root: { label: "English", lang: "en" },
    zh: {
      label: "简体中文",
      lang: "zh-CN",
      description: "让 Express、Koa、Fastify 服务信任通过腾讯云开发 Auth v2 登录的用户",
      themeConfig: {
        nav: [
          { text: "五分钟上手", link: "/zh/start/express", activeMatch: "/zh/start/" },
          { text: "错误码", link: "/zh/errors", activeMatch: "/zh/errors" },
        ],
        sidebar: {
          "/zh/": [
            start("/zh", "五分钟上手"),
            errors("/zh", "错误码", "全部错误码"),
            { text: "以下为英文", items: sidebar.slice(1, -2) },
          ],
        },
        outline: { label: "本页目录", level: [2, 3] },
        docFooter: { prev: "上一页", next: "下一页" },
        darkModeSwitchLabel: "外观",
        lightModeSwitchTitle: "切换到浅色",
        darkModeSwitchTitle: "切换到深色",
        sidebarMenuLabel: "目录",
        returnToTopLabel: "回到顶部",
        langMenuLabel: "语言",
        skipToContentLabel: "跳到正文",
        notFound: { title: "没有这一页", quote: "地址有误，或页面已移走。", linkLabel: "回首页", linkText: "回首页" },
      },
    },
  },
  themeConfig: {
    logo: "/icon.svg",
    nav: [
      { text: "Start", link: "/start/express", activeMatch: "^/start/" },
      { text: "Guides", link: "/guides/sessions", activeMatch: "^/guides/" },
      { text: "Packages", link: "/reference/core", activeMatch: "^/reference/(?!security|performance)" },
      { text: "Errors", link: "/errors", activeMatch: "^/errors" },
    ],
    sidebar: { "/": sidebar },
    outline: [2, 3],
    search: {
      provider: "local",
      options: {
        locales: {
          zh: {
            translations: {
              button: { buttonText: "搜索", buttonAriaLabel: "搜索" },
              modal: {
                noResultsText: "没有结果",
                resetButtonTitle: "清除",
                footer: { selectText: "选择", navigateText: "切换", closeText: "关闭" },
              },
            },
          },
        },
      },
    },
    ...(repository === undefined ? {} : { socialLinks: [{ icon: "github", link: repository }] }),
    footer: { message: "MIT" },
  },
});
