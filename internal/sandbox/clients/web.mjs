// The Web API by its own client: what it sends is understood, what comes back
// is what it expects, and refusals are the ones that Slack gives.

import assert from 'node:assert/strict';
import { LogLevel, WebClient } from '@slack/web-api';
import { appToken, slackApiUrl, tell, token } from './story.mjs';

const options = { slackApiUrl, logLevel: LogLevel.ERROR, retryConfig: { retries: 0 } };
const web = new WebClient(token, options);

/** What a refused call says. */
async function refusal(call) {
  const error = await call.then(
    () => assert.fail('the call was let through'),
    (e) => e,
  );
  assert.equal(error.code, 'slack_webapi_platform_error', error.message);
  return error.data;
}

const text = 'The kettle is broken';
const blocks = [{ type: 'section', text: { type: 'mrkdwn', text: `*${text}*` } }];

// Who am I?
const me = await web.auth.test();
assert.match(me.user_id, /^U/);
assert.match(me.bot_id, /^B/);
assert.ok(me.response_metadata.scopes.includes('chat:write'));
assert.deepEqual(me.response_metadata.acceptedScopes ?? [], []);

// People and channels, page by page.
const people = (await web.users.list({})).members;
const oncall = people.find((u) => u.name === 'oncall');
assert.equal((await web.users.info({ user: oncall.id })).user.real_name, oncall.real_name);
const names = [];
for await (const page of web.paginate('conversations.list', { limit: 1, types: 'public_channel' })) {
  assert.ok(page.channels.length <= 1);
  names.push(...page.channels.map((c) => c.name));
}
assert.deepEqual(names.toSorted(), ['general', 'incidents', 'managers']);

// A channel of one's own, with all that belongs to it.
const { channel: room } = await web.conversations.create({ name: 'kettle' });
assert.equal(room.name, 'kettle');
await web.conversations.setTopic({ channel: room.id, topic: 'No tea' });
await web.conversations.invite({ channel: room.id, users: oncall.id });
const { members } = await web.conversations.members({ channel: room.id });
assert.deepEqual(members.toSorted(), [me.user_id, oncall.id].toSorted());
assert.equal((await web.conversations.info({ channel: room.id })).channel.topic.value, 'No tea');

// A message: sent, found again, edited, answered, pinned, taken back.
const metadata = { event_type: 'broken', event_payload: { what: 'kettle', times: 2 } };
const sent = await web.chat.postMessage({ channel: room.id, text, blocks, metadata, unfurl_links: false });
assert.match(sent.ts, /^\d+\.\d{6}$/);
assert.equal(sent.message.text, text);
const history = await web.conversations.history({ channel: room.id, include_all_metadata: true, limit: 1 });
assert.equal(history.messages[0].ts, sent.ts);
assert.deepEqual(history.messages[0].metadata, metadata);
const there = { channel: room.id, ts: sent.ts };
assert.equal((await web.chat.update({ ...there, text: 'Mended', blocks: [] })).text, 'Mended');
const answer = await web.chat.postMessage({ channel: room.id, thread_ts: sent.ts, text: 'Thanks' });
assert.deepEqual((await web.conversations.replies(there)).messages.map((m) => m.ts), [sent.ts, answer.ts]);
assert.match((await web.chat.getPermalink({ channel: room.id, message_ts: sent.ts })).permalink, /^http/);
await web.reactions.add({ channel: room.id, timestamp: sent.ts, name: 'tea' });
await web.pins.add({ channel: room.id, timestamp: sent.ts });
assert.equal((await web.pins.list({ channel: room.id })).items[0].message.ts, sent.ts);
await web.bookmarks.add({ channel_id: room.id, title: 'Manual', type: 'link', link: 'https://example.com/kettle' });
await web.chat.delete({ channel: room.id, ts: answer.ts });
const { channel: direct } = await web.conversations.open({ users: oncall.id });
await web.chat.postMessage({ channel: direct.id, text: 'Psst' });

// Refusals.
assert.equal((await refusal(web.chat.postMessage({ channel: 'C404', text }))).error, 'channel_not_found');
assert.equal((await refusal(web.chat.postMessage({ channel: room.id, text: '' }))).error, 'no_text');
assert.equal((await refusal(web.conversations.create({ name: 'kettle' }))).error, 'name_taken');
assert.equal((await refusal(web.views.open({ trigger_id: '1.2.3', view: { type: 'modal', title: { type: 'plain_text', text }, blocks } }))).error, 'invalid_trigger_id');
const heading = { type: 'header', text: { type: 'plain_text', text: 'x'.repeat(151) } };
const long = await refusal(web.chat.postMessage({ channel: room.id, text, blocks: [heading] }));
assert.equal(long.error, 'invalid_blocks');
assert.match(long.response_metadata.messages[0], /must be less than 151 characters \[json-pointer:\/blocks\/0\/text\/text\]/);
const scope = await refusal(web.bookmarks.list({ channel_id: room.id }));
assert.deepEqual([scope.error, scope.needed], ['missing_scope', 'bookmarks:read']);
assert.equal((await refusal(web.apiCall('chat.sing', {}))).error, 'unknown_method');
assert.equal((await refusal(new WebClient('xoxb-nobody', options).auth.test())).error, 'invalid_auth');
assert.equal((await refusal(new WebClient(appToken, options).chat.postMessage({ channel: room.id, text }))).error, 'not_allowed_token_type');
assert.equal((await refusal(web.apps.connections.open({}))).error, 'not_allowed_token_type');

tell('done', { channel: room.id, ts: sent.ts });
