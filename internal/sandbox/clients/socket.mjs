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

// Slack's own words to the socket, which the client acts on by itself.
client.on('ws_message', (data) => {
  const { type, reason } = JSON.parse(data);
  if (type === 'disconnect') tell('disconnect', { reason });
});

// A message that says "third time" is acknowledged at the third attempt only,
// and one that says "never" not at all.
client.on('message', async ({ ack, body, event, retry_num, retry_reason }) => {
  tell('message', { text: event.text, retry_num, retry_reason, event_id: body.event_id });
  const enough = { 'third time': 2, never: Infinity }[event.text] ?? 0;
  if (retry_num >= enough) await ack();
});

await client.start();
await dismissed();
await client.disconnect();
process.exit(); // else a timer of the client's, for a socket that broke, holds it up for half a minute
