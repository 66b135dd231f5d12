import type { EndpointGroup } from "./facts.ts";

export const userGroup: EndpointGroup = {
  title: "Users",
  endpoints: [
    {
      endpoint: "GET /auth/v1/user/me",
      skill: "Bearer",
      documented: "Bearer",
      page: "user-me",
      sdk: "Bearer; `with_department`, `with_role` in the query",
    },
    {
      endpoint: "POST /auth/v1/user/sudo",
      documented: "Bearer; `password` or `verification_token`",
      page: "user-sudo",
      sdk: "the same; by a comment only the latter where there is a phone number",
    },
    {
      endpoint: "PATCH /auth/v1/user/password",
      skill: "Bearer; `old_password`, `new_password`",
      documented: "Bearer; `sudo_token` in the query, `new_password`, `old_password`, `confirm_password`",
      page: "user-update-password",
      sdk: "Bearer; `sudo_token` and `new_password` in the body",
      emulator: "`sudo_token` in either place; `old_password` without it, but not with `strict`",
    },
    {
      endpoint: "DELETE /auth/v1/user/me",
      skill: "Bearer; named only",
      documented: "Bearer; `sudo_token` in the query",
      page: "user-delete-me",
      sdk: "the same",
      emulator: "`sudo_token` optional, but not with `strict`",
    },
    {
      endpoint: "POST /auth/v1/user/basic/edit",
      documented: "Bearer; `user_id`, `nickname`, `username`, `description`, `avatar_url`, `email`, `phone`",
      page: "user-edit-user-basic-info",
      sdk: "the same; also `gender`, `password` + `new_password`, or these encrypted",
      emulator: "encrypted passwords are 501",
    },
    {
      endpoint: "PATCH /auth/v1/user/profile",
      sdk: "Bearer; `name` and other members of the profile",
    },
    {
      endpoint: "PATCH /auth/v1/user/contact",
      sdk: "Bearer; `phone_number` or `email`, `verification_token`, `sudo_token`, `conflict_resolution`",
    },
    {
      endpoint: "GET /auth/v1/user/query",
      documented: "Bearer; on the SDK's pages only",
      sdk: "Bearer; `id` (repeated, up to 50), `username`, `email`, `phone_number` in the query",
    },
    {
      endpoint: "GET /auth/v1/checkIfUserExist",
      sdk: "`username` in the query",
    },
    {
      endpoint: "GET /auth/v1/checkUsername",
      sdk: "Bearer; `username` in the body of a GET",
      emulator: "in the query too, where our client has it",
    },
    {
      endpoint: "GET /auth/v1/user/security/history",
      sdk: "Bearer; `query[action]` or `ne_query[action]`, `limit`, `page_token`",
    },
    {
      endpoint: "DELETE /auth/v1/user/revoke/all",
      sdk: "Bearer",
    },
    {
      endpoint: "DELETE /auth/v1/user/authorized/devices/:device_id",
      sdk: "Bearer",
    },
    {
      endpoint: "GET /auth/v1/user/provider",
      documented: "Bearer",
      page: "user-providers",
      sdk: "the same",
    },
    {
      endpoint: "GET /auth/v1/user/providers",
      skill: "Bearer; named only",
      emulator: "the same as `user/provider`; refused with `strict`",
    },
    {
      endpoint: "POST /auth/v1/user/provider/bind",
      skill: "hinted at",
      documented: "Bearer; `provider_token`, `with_user_center`",
      page: "user-bind-with-provider",
      sdk: "the same",
    },
    {
      endpoint: "DELETE /auth/v1/user/provider/:provider_id",
      skill: "hinted at",
      documented: "Bearer; `with_user_center` in the query",
      page: "user-un-bind-provider",
      sdk: "the same",
    },
    {
      endpoint: "PATCH /auth/v1/user/trans/by/provider",
      sdk: "Bearer; `provider_token`",
    },
    {
      endpoint: "POST /auth/v1/user/provider/:provider_id/trans",
      sdk: "Bearer; `provider_trans_token`",
      emulator: "501: where a `provider_trans_token` comes from is not documented",
    },
    {
      endpoint: "GET /auth/v1/plugin/weda/userinfo",
      sdk: "Bearer",
      emulator: "501: the data of the low-code platform are not documented",
    },
  ],
};
