// What every script of this folder has in common: where the workspace is, and
// how the test that started the script hears of it and ends it.

const { SLACK_API_URL, SLACK_BOT_TOKEN, SLACK_APP_TOKEN } = process.env;

export const slackApiUrl = SLACK_API_URL;
export const token = SLACK_BOT_TOKEN;
export const appToken = SLACK_APP_TOKEN;

/** Tells the test what was seen. */
export function tell(what, facts = {}) {
  process.stdout.write(`${JSON.stringify({ what, ...facts })}\n`);
}

/** Resolves when the test wants no more of the script. */
export function dismissed() {
  return new Promise((resolve) => process.stdin.resume().once('end', resolve));
}
