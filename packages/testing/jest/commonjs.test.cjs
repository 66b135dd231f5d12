const { createCloudbaseAuth } = require("@cloudbase-auth/core");
const { createTestAuth } = require("@cloudbase-auth/testing");
require("@cloudbase-auth/testing/jest");

test("a test in CommonJS", async () => {
  const testAuth = await createTestAuth();
  const auth = createCloudbaseAuth(testAuth.options);
  const { user } = await auth.authenticate({ headers: await testAuth.signInAs({ id: "ann" }) });
  expect(user.id).toBe("ann");
  expect({ statusCode: 401, headers: {}, payload: "" }).toBeUnauthorized();
});
