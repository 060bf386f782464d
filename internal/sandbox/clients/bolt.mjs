// An app as people write them with Bolt: it takes orders for lunch.

import bolt from '@slack/bolt';
import { appToken, dismissed, slackApiUrl, tell, token } from './story.mjs';

const { App, LogLevel } = bolt;
const app = new App({
  token, appToken, socketMode: true, logLevel: LogLevel.WARN, clientOptions: { slackApiUrl },
});

const plain = (text) => ({ type: 'plain_text', text });
const section = (text) => ({ type: 'section', text: { type: 'mrkdwn', text } });
const button = (action_id, text, value) => ({ type: 'button', action_id, text: plain(text), value });
const field = (block_id, label, more = {}) => ({
  type: 'input', block_id, label: plain(label),
  element: { type: 'plain_text_input', action_id: 'text', ...more },
});

const extras = ['Cheese', 'Olives'].map((text) => ({ text: plain(text), value: text.toLowerCase() }));

/** The form; with extras once somebody asked for them. */
const order = (room, more = false) => ({
  type: 'modal', callback_id: 'order', private_metadata: room, notify_on_close: true,
  title: plain('Order lunch'), submit: plain('Next'), close: plain('Never mind'),
  blocks: [
    field('dish', 'Dish'),
    more
      ? { type: 'input', block_id: 'extras', label: plain('Extras'), optional: true,
          element: { type: 'checkboxes', action_id: 'picked', options: extras } }
      : { type: 'actions', block_id: 'more', elements: [button('more', 'Extras …', 'all')] },
  ],
});

const confirmation = (room, dish) => ({
  type: 'modal', callback_id: 'confirm', private_metadata: JSON.stringify({ room, dish }),
  title: plain('Is that right?'), submit: plain('Order'),
  blocks: [section(`You order *${dish}*.`), field('when', 'When?', { initial_value: 'noon' })],
});

app.command('/lunch', async ({ command, ack, respond, client }) => {
  switch (command.text) {
    case 'order':
      await ack();
      await client.views.open({ trigger_id: command.trigger_id, view: order(command.channel_id) });
      return;
    case 'later':
      await ack();
      await respond({ response_type: 'in_channel', text: `Lunch is late today, says <@${command.user_id}>.`, blocks: [section('Lunch is *late* today.')] });
      return;
    default:
      await ack({ response_type: 'ephemeral', text: `Today: soup. You said "${command.text}".`, blocks: [section('Today: *soup*')] });
  }
});

app.action('more', async ({ ack, body, client }) => {
  await ack();
  const { id, hash, private_metadata } = body.view;
  await client.views.update({ view_id: id, hash, view: order(private_metadata, true) });
  const stale = await client.views.update({ view_id: id, hash, view: order(private_metadata) }).catch((e) => e.data);
  tell('second update', { error: stale.error });
});

app.view('order', async ({ ack, view }) => {
  const dish = view.state.values.dish.text.value;
  if (dish === 'cake') {
    await ack({ response_action: 'errors', errors: { dish: 'Cake is no lunch.' } });
    return;
  }
  const picked = view.state.values.extras?.picked.selected_options.map((o) => o.value) ?? [];
  await ack({ response_action: 'update', view: confirmation(view.private_metadata, [dish, ...picked].join(' with ')) });
});

app.view('confirm', async ({ ack, view, body, client }) => {
  await ack();
  const { room, dish } = JSON.parse(view.private_metadata);
  const text = `<@${body.user.id}> has ${dish} at ${view.state.values.when.text.value}.`;
  await client.chat.postMessage({
    channel: room, text, metadata: { event_type: 'lunch_ordered', event_payload: { dish } },
    blocks: [section(text), { type: 'actions', block_id: 'join', elements: [button('join', 'Me too', dish)] }],
  });
});

app.view({ callback_id: 'order', type: 'view_closed' }, async ({ ack, body, view, client }) => {
  await ack();
  await client.chat.postEphemeral({ channel: view.private_metadata, user: body.user.id, text: 'Then stay hungry.' });
});

app.action('join', async ({ ack, action, body, respond, say }) => {
  await ack();
  await respond({ replace_original: true, text: `${body.message.text} So has <@${body.user.id}>.` });
  await say({ thread_ts: body.message.ts, text: `One more ${action.value}.` });
});

app.shortcut('lunch_order', async ({ ack, shortcut, client }) => {
  await ack();
  await client.views.open({ trigger_id: shortcut.trigger_id, view: order('') });
});

app.shortcut('lunch_praise', async ({ ack, shortcut, respond }) => {
  await ack();
  await respond({ text: `You praised: ${shortcut.message.text}` });
});

const home = (text) => ({ type: 'home', blocks: [section(text), { type: 'actions', elements: [button('hungry', 'I am hungry', 'yes')] }] });

app.event('app_home_opened', async ({ event, client }) => {
  await client.views.publish({ user_id: event.user, view: home('No lunch yet.') });
});

app.action('hungry', async ({ ack, body, client }) => {
  await ack();
  await client.views.publish({ user_id: body.user.id, hash: body.view.hash, view: home('Lunch is coming.') });
});

app.event('app_mention', async ({ event, say }) => {
  await say({ thread_ts: event.ts, text: `You called, <@${event.user}>?` });
});

app.message(/what is for lunch/, async ({ say }) => {
  await say('Soup.');
});

app.event('reaction_added', async ({ event }) => {
  tell('reaction', { name: event.reaction, user: event.user, channel: event.item.channel });
});

app.error(async (error) => {
  console.error(error);
  process.exitCode = 1;
});

await app.start();
await dismissed();
await app.stop();
