// More messages than a channel takes at once: the client is told to wait, and
// does.

import slack from '@slack/web-api';
import { slackApiUrl, tell, token } from './story.mjs';

const { LogLevel, WebClient, WebClientEvent, retryPolicies } = slack;
const web = new WebClient(token, {
  slackApiUrl, logLevel: LogLevel.ERROR, retryConfig: retryPolicies.rapidRetryPolicy, // adds nothing to Retry-After
});
let waits = 0;
web.on(WebClientEvent.RATE_LIMITED, (seconds) => {
  if (seconds >= 1) waits++;
});

const channel = process.argv[2];
for (let n = 1; n <= 7; n++) await web.chat.postMessage({ channel, text: `message ${n}` });
tell('done', { waits });
