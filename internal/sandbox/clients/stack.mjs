// An app whose forms lie one upon another: a lunch of several courses.

import bolt from '@slack/bolt';
import { appToken, dismissed, slackApiUrl, tell, token } from './story.mjs';

const { App, LogLevel } = bolt;
const app = new App({
  token, appToken, socketMode: true, logLevel: LogLevel.WARN, clientOptions: { slackApiUrl },
});

const plain = (text) => ({ type: 'plain_text', text });

const course = (n) => ({
  type: 'modal', callback_id: 'course', private_metadata: `${n}`, notify_on_close: true,
  title: plain(`Course ${n}`), submit: plain('Order'),
  blocks: [
    { type: 'input', block_id: 'dish', label: plain('Dish'), element: { type: 'plain_text_input', action_id: 'text' } },
    { type: 'actions', block_id: 'menu', elements: [{ type: 'button', action_id: 'next', text: plain('Next course') }] },
  ],
});

const after = (view) => course(Number(view.private_metadata) + 1);

app.command('/lunch', async ({ command, ack, client }) => {
  await ack();
  await client.views.open({ trigger_id: command.trigger_id, view: course(1) });
});

// Soup is followed by another course, coffee ends the meal.
app.view('course', async ({ ack, view }) => {
  const dish = view.state.values.dish.text.value;
  tell('ordered', { dish, id: view.id, root: view.root_view_id, below: view.previous_view_id });
  switch (dish) {
    case 'soup':
      await ack({ response_action: 'push', view: after(view) });
      return;
    case 'coffee':
      await ack({ response_action: 'clear' });
      return;
    default:
      await ack();
  }
});

app.action('next', async ({ ack, body, client }) => {
  await ack();
  const answer = await client.views.push({ trigger_id: body.trigger_id, view: after(body.view) }).catch((e) => e.data);
  tell('pushed', { error: answer.error, below: answer.view?.previous_view_id });
});

app.view({ callback_id: 'course', type: 'view_closed' }, async ({ ack, body, view }) => {
  await ack();
  tell('closed', { id: view.id, is_cleared: body.is_cleared });
});

app.error(async (error) => {
  console.error(error);
  process.exitCode = 1;
});

await app.start();
await dismissed();
await app.stop();
