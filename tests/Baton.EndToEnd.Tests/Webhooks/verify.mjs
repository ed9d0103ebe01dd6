// Says "ok" for each message that an independent verifier takes, with each of the secrets given.
import { readFileSync } from "node:fs";
import { Webhook } from "standardwebhooks";

const { secrets, messages } = JSON.parse(readFileSync(process.argv[2], "utf8"));
for (const secret of secrets) {
  const webhook = new Webhook(secret);
  for (const { body, headers } of messages) {
    webhook.verify(body, headers);
    console.log("ok");
  }
  try {
    webhook.verify(messages[0].body + " ", messages[0].headers);
    console.log("a changed body was taken");
  } catch {
    console.log("ok");
  }
}
