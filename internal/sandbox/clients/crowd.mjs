// Eleven clients of the bare Socket Mode, where ten are let in.

import { LogLevel, SocketModeClient } from '@slack/socket-mode';
import { appToken, dismissed, slackApiUrl, tell } from './story.mjs';

const newClient = () => new SocketModeClient({ appToken, logLevel: LogLevel.ERROR, clientOptions: { slackApiUrl } });

const clients = Array.from({ length: 10 }, newClient);
await Promise.all(clients.map((client) => client.start()));

const late = newClient();
late.on('connected', () => tell('let in'));
late.on('ws_message', async (data) => {
  const { type, reason } = JSON.parse(data);
  if (type !== 'disconnect') return;
  tell('turned away', { reason });
  await clients.shift().disconnect(); // before it tries again by itself
});
await late.start();

await dismissed();
process.exit(); // which ends them all
