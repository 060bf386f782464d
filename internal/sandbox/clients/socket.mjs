// The bare Socket Mode client, whose acknowledgements are its user's own affair.

import { LogLevel, SocketModeClient } from '@slack/socket-mode';
import { appToken, dismissed, slackApiUrl, tell } from './story.mjs';

const client = new SocketModeClient({ appToken, logLevel: LogLevel.WARN, clientOptions: { slackApiUrl } });

let connections = 0;
client.on('connected', () => tell('connected', { connections: ++connections }));

client.on('slash_commands', async ({ ack, body, accepts_response_payload }) => {
  tell('command', { text: body.text, accepts_response_payload });
  if (body.text !== 'sleep') await ack({ text: `You said ${body.text}.` });
});

// A message that says "third time" is acknowledged at the third attempt only.
client.on('message', async ({ ack, body, event, retry_num, retry_reason }) => {
  tell('message', { text: event.text, retry_num, retry_reason, event_id: body.event_id });
  if (event.text !== 'third time' || retry_num >= 2) await ack();
});

await client.start();
await dismissed();
await client.disconnect();
