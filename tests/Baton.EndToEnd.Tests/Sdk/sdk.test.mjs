// Drives the sandbox through the vendor's own SDK, unmodified. Usage: node sdk.test.mjs http://127.0.0.1:5100
// Prints "ok <step>" or "not ok <step>: <why>" for each step and exits with the number of failures.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const platformClient = require('purecloud-platform-client-v2');
const WebSocket = require('ws');
const sandbox = new URL(process.argv[2]);

const client = platformClient.ApiClient.instance;
client.setReturnExtendedResponses(true);
client.config.setGateway({ host: sandbox.hostname, protocol: 'http', port: sandbox.port, path_params_login: 'login', path_params_api: 'api' });

const conversations = new platformClient.ConversationsApi();
const routing = new platformClient.RoutingApi();
const analytics = new platformClient.AnalyticsApi();
const users = new platformClient.UsersApi();
const tokens = new platformClient.TokensApi();
const organization = new platformClient.OrganizationApi();
const knowledge = new platformClient.KnowledgeApi();
const speech = new platformClient.SpeechTextAnalyticsApi();
const notifications = new platformClient.NotificationsApi();
const webMessaging = new platformClient.WebMessagingApi();
const unknown = '00000000-0000-4000-8000-000000000000';

let failures = 0;
async function step(name, run) {
  try {
    await run();
    console.log(`ok ${name}`);
  } catch (error) {
    failures++;
    const why = error?.body ? `HTTP ${error.status} ${JSON.stringify(error.body)}` : error?.stack ?? JSON.stringify(error);
    console.log(`not ok ${name}: ${String(why).replaceAll('\n', ' | ')}`);
  }
}

async function refused(call, status, code) {
  const error = await call.then(() => assert.fail(`was not refused with ${status} ${code}`), e => e);
  if (error instanceof assert.AssertionError) throw error;
  assert.equal(error.status, status, JSON.stringify(error.body ?? String(error)));
  assert.equal(error.body?.code, code);
  assert.equal(error.body.contextId, error.headers['inin-correlation-id']);
  return error;
}

async function admin(method, path, body) {
  const response = await fetch(new URL(`/sandbox${path}`, sandbox), {
    method,
    headers: { 'Content-Type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await response.text();
  assert.ok(response.ok, `${method} ${path} answered ${response.status}: ${text}`);
  return text ? JSON.parse(text) : undefined;
}

const start = (name = 'Gina') => admin('POST', '/conversations', { name, text: 'Hello', attributes: { order: '42' }, language: 'en-us' });

// The sandbox runs on the system clock here with transfers of a few milliseconds: ask until it is so.
async function until(id, isSo) {
  const deadline = Date.now() + 10_000;
  for (;;) {
    const view = await admin('GET', `/conversations/${id}`);
    if (isSo(view)) return view;
    assert.ok(Date.now() < deadline, `never came true: ${JSON.stringify(view)}`);
  }
}

const holder = view => view.participants.findLast(p => p.purpose !== 'customer' && p.state === 'connected');
const heldBy = purpose => view => holder(view)?.purpose === purpose;

// A WebSocket whose frames are taken one by one, in order.
async function connect(uri, options) {
  const socket = new WebSocket(uri, options);
  const frames = [];
  const takers = [];
  socket.on('message', data => (takers.length ? takers.shift()(JSON.parse(data)) : frames.push(JSON.parse(data))));
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  const take = () => frames.length ? Promise.resolve(frames.shift()) : new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error('no frame came')), 10_000);
    takers.push(frame => (clearTimeout(late), resolve(frame)));
  });
  return {
    take,
    ask: frame => (socket.send(JSON.stringify(frame)), take()),
    closed: new Promise(resolve => socket.once('close', resolve)),
    close: () => socket.close(),
  };
}

const house = await admin('GET', '');
const queue = name => house.queues.find(q => q.name === name).id;
const flow = house.botFlows[0].id;
let talk;

await step('loginClientCredentialsGrant with a wrong secret', async () => {
  const error = await client.loginClientCredentialsGrant('baton-sandbox', 'wrong').then(() => assert.fail('was let in'), e => e);
  const status = error.status ?? error.response?.status;
  assert.equal(status, 401);
});

await step('a call without a token', async () => {
  await refused(organization.getOrganizationsMe(), 401, 'authentication.required');
});

await step('loginClientCredentialsGrant', async () => {
  const auth = await client.loginClientCredentialsGrant('baton-sandbox', 'sandbox-secret');
  assert.ok(auth.accessToken);
  assert.ok(auth.tokenExpiryTime > Date.now());
});

await step('getTokensMe', async () => {
  const { body, headers } = await tokens.getTokensMe();
  assert.equal(body.OAuthClient.id, 'baton-sandbox');
  assert.equal(headers['inin-ratelimit-allowed'], '1000');
  assert.ok(Number(headers['inin-ratelimit-count']) >= 1);
  assert.ok(Number(headers['inin-ratelimit-reset']) <= 60);
});

await step('getOrganizationsMe', async () => {
  assert.equal((await organization.getOrganizationsMe()).body.id, house.organizationId);
});

await step('getOrganizationsLimitsNamespace and its defaults', async () => {
  const now = (await organization.getOrganizationsLimitsNamespace('platform.api')).body;
  assert.equal(now.limits.find(l => l.key === 'client.credentials.token.rate.per.minute').value, 1000);
  const usual = (await organization.getOrganizationsLimitsNamespaceDefaults('platform.api')).body;
  assert.equal(usual.limits.find(l => l.key === 'client.credentials.token.rate.per.minute').value, 300);
});

await step('getRoutingQueues pages', async () => {
  const first = (await routing.getRoutingQueues({ pageSize: 4, pageNumber: 1 })).body;
  const second = (await routing.getRoutingQueues({ pageSize: 4, pageNumber: 2 })).body;
  assert.deepEqual([first.total, first.pageCount, first.entities.length, second.entities.length], [6, 2, 4, 2]);
  assert.ok(first.nextUri.includes('pageNumber=2'));
  assert.equal(new Set([...first.entities, ...second.entities].map(q => q.id)).size, 6);
});

await step('getRoutingQueues by name and by id', async () => {
  assert.deepEqual((await routing.getRoutingQueues({ name: 'S*' })).body.entities.map(q => q.name), ['Sales', 'Support']);
  const two = [queue('VIP'), queue('Billing')];
  assert.deepEqual((await routing.getRoutingQueues({ id: two })).body.entities.map(q => q.name), ['Billing', 'VIP']);
});

await step('getRoutingQueue', async () => {
  const billing = (await routing.getRoutingQueue(queue('Billing'))).body;
  assert.equal(billing.memberCount, 3);
  assert.equal(billing.mediaSettings.message.alertingTimeoutSeconds, 30);
  await refused(routing.getRoutingQueue(unknown), 404, 'not.found');
  await refused(routing.getRoutingQueue('seven'), 400, 'bad.request');
});

await step('getRoutingQueueMembers with filters and expand', async () => {
  const idle = (await routing.getRoutingQueueMembers(queue('Billing'), { joined: true, routingStatus: ['IDLE'], expand: ['routingStatus', 'skills'] })).body;
  assert.equal(idle.entities.length, 3);
  assert.ok(idle.entities.every(m => m.joined && m.routingStatus.status === 'IDLE'));
  const paged = (await routing.getRoutingQueueMembers(queue('Billing'), { pageSize: 2, pageNumber: 2 })).body;
  assert.equal(paged.entities.length, 1);
  const night = (await routing.getRoutingQueueMembers(queue('Night Desk'), { routingStatus: ['IDLE'] })).body;
  assert.equal(night.entities.length, 0);
});

await step('getRoutingQueueEstimatedwaittime, both forms', async () => {
  assert.equal((await routing.getRoutingQueueEstimatedwaittime(queue('Empty'))).body.results[0].intent, 'MESSAGE');
  assert.equal((await routing.getRoutingQueueMediatypeEstimatedwaittime(queue('Empty'), 'message')).body.results[0].formula, 'BEST');
});

await step('getRoutingSkills and getRoutingLanguages', async () => {
  assert.deepEqual((await routing.getRoutingSkills({ name: 'refunds' })).body.entities.map(s => s.state), ['active']);
  assert.equal((await routing.getRoutingSkills({ pageSize: 3 })).body.pageCount, 2);
  assert.deepEqual((await routing.getRoutingLanguages({ name: 'Span*' })).body.entities.map(l => l.name), ['Spanish']);
});

await step('getUserRoutingstatus and putUserRoutingstatus', async () => {
  const emma = house.agents.find(a => a.name === 'Emma Lind').id;
  assert.equal((await users.getUserRoutingstatus(emma)).body.status, 'IDLE');
  assert.equal((await users.putUserRoutingstatus(emma, { status: 'OFF_QUEUE' })).body.status, 'OFF_QUEUE');
  await refused(users.putUserRoutingstatus(emma, { status: 'INTERACTING' }), 400, 'general.bad.request');
  const error = await refused(users.putUserRoutingstatus(emma, { status: 'ASLEEP' }), 400, 'invalid.value');
  assert.equal(error.body.messageParams.value, 'ASLEEP');
});

await step('getConversation and getConversationsMessage', async () => {
  talk = await start();
  const whole = (await conversations.getConversation(talk.conversationId)).body;
  assert.deepEqual(whole.participants.map(p => p.purpose), ['customer', 'workflow']);
  assert.equal(whole.participants[1].messages[0].peerId, talk.customerCommunicationId);
  const flat = (await conversations.getConversationsMessage(talk.conversationId)).body;
  assert.deepEqual(flat.participants.map(p => p.state), ['connected', 'connected']);
  await refused(conversations.getConversation(unknown), 404, 'not.found');
  await refused(conversations.getConversationsMessage(unknown), 404, 'conversation.error.conversation.not.found');
  await refused(conversations.getConversations(), 400, 'not.a.user');
  await refused(conversations.getConversationsMessages(), 400, 'not.a.user');
});

await step('patchConversationParticipantAttributes, both forms', async () => {
  const { status } = await conversations.patchConversationParticipantAttributes(talk.conversationId, talk.customerParticipantId, { attributes: { 'handoff.reason': 'low confidence' } });
  assert.equal(status, 202);
  const answered = await conversations.patchConversationsMessageParticipantAttributes(talk.conversationId, talk.customerParticipantId, { body: { attributes: { 'handoff.queue': 'Billing' } } });
  assert.equal(answered.body.attributes['handoff.reason'], 'low confidence');
  const error = await refused(conversations.patchConversationParticipantAttributes(talk.conversationId, talk.customerParticipantId, { attributes: { a: null } }), 400, 'conversation.error.participant.attribute.null');
  assert.equal(error.body.status, 400);
});

await step('postConversationsMessageCommunicationMessages and Typing', async () => {
  const sent = (await conversations.postConversationsMessageCommunicationMessages(talk.conversationId, talk.workflowCommunicationId, { textBody: 'One moment' })).body;
  assert.equal(sent.normalizedMessage.originatingEntity, 'Bot');
  await conversations.postConversationsMessageCommunicationTyping(talk.conversationId, talk.workflowCommunicationId, { typing: { type: 'On', duration: 5000 } });
  await refused(conversations.postConversationsMessageCommunicationMessages(talk.conversationId, talk.workflowCommunicationId, { textBody: 'x'.repeat(2001) }), 400, 'bad.request');
  await refused(conversations.postConversationsMessageCommunicationMessages(talk.conversationId, unknown, { textBody: 'x' }), 404, 'not.found');
});

await step('getConversationsMessageMessage, Details, and postConversationsMessageMessagesBulk', async () => {
  const whole = (await conversations.getConversation(talk.conversationId)).body;
  const ids = whole.participants.flatMap(p => p.messages[0].messages.map(m => m.messageId));
  assert.equal(ids.length, 2);
  assert.equal((await conversations.getConversationsMessageMessage(talk.conversationId, ids[0])).body.textBody, 'Hello');
  assert.equal((await conversations.getConversationsMessageDetails(ids[0])).body.conversationId, talk.conversationId);
  const bulk = (await conversations.postConversationsMessageMessagesBulk(talk.conversationId, { body: ids })).body;
  assert.deepEqual(bulk.entities.map(m => m.textBody), ['Hello', 'One moment']);
});

await step('getAnalyticsBotflowDivisionsReportingturns by cursor', async () => {
  for (const confidence of [0.9, 0.6, 0.3])
    await admin('POST', `/conversations/${talk.conversationId}/bot`, { text: 'Could you rephrase?', userInput: 'money back', intentName: 'refund', confidence, askActionResult: 'NoMatchCollection' });
  const first = (await analytics.getAnalyticsBotflowDivisionsReportingturns(flow, { sessionId: talk.botSessionId, pageSize: 2 })).body;
  assert.equal(first.entities.length, 2);
  assert.equal(first.entities[0].conversation.id, talk.conversationId);
  const after = new URL(first.nextUri, sandbox).searchParams.get('after');
  const rest = (await analytics.getAnalyticsBotflowDivisionsReportingturns(flow, { sessionId: talk.botSessionId, pageSize: 2, after })).body;
  assert.deepEqual(rest.entities.map(t => t.intent.confidence), [0.3]);
  assert.equal(rest.nextUri, undefined);
  assert.equal((await analytics.getAnalyticsBotflowReportingturns(flow, { askActionResults: 'NoMatchCollection' })).body.entities.length, 3);
  await refused(analytics.getAnalyticsBotflowDivisionsReportingturns(unknown), 404, 'not.found');
});

await step('getSpeechandtextanalyticsConversation, absent and there', async () => {
  await refused(speech.getSpeechandtextanalyticsConversation(talk.conversationId), 404, 'not.found');
  await admin('POST', `/conversations/${talk.conversationId}/sentiment`, { score: -0.42, trend: -0.1 });
  const { sentimentScore, sentimentTrendClass } = (await speech.getSpeechandtextanalyticsConversation(talk.conversationId)).body;
  assert.deepEqual([sentimentScore, sentimentTrendClass], [-0.42, 'SlightlyDeclining']);
});

await step('postConversationParticipantReplaceQueue is accepted, happens, and is refused the second time', async () => {
  const accepted = await conversations.postConversationParticipantReplaceQueue(talk.conversationId, talk.workflowParticipantId, { queueId: queue('Empty'), transferType: 'Unattended' });
  assert.equal(accepted.status, 202);
  await until(talk.conversationId, heldBy('acd'));
  const again = conversations.postConversationParticipantReplaceQueue(talk.conversationId, talk.workflowParticipantId, { queueId: queue('Billing') });
  await refused(again, 400, 'conversations.error.transfer.not.connected');
  const whole = (await conversations.getConversation(talk.conversationId)).body;
  assert.equal(whole.recentTransfers[0].state, 'Active');
  assert.equal(whole.participants[2].conversationRoutingData.queue.id, queue('Empty'));
});

await step('patchRoutingConversation while it waits', async () => {
  const refunds = house.skills.find(s => s.name === 'refunds').id;
  const spanish = house.languages.find(l => l.name === 'Spanish').id;
  const { body } = await routing.patchRoutingConversation(talk.conversationId, { priority: 5, skillIds: [refunds], languageId: spanish });
  assert.deepEqual([body.priority, body.skills[0].id, body.language.id], [5, refunds, spanish]);
});

await step('postAnalyticsQueuesObservationsQuery', async () => {
  const { body } = await analytics.postAnalyticsQueuesObservationsQuery({
    filter: { type: 'or', predicates: [{ type: 'dimension', dimension: 'queueId', operator: 'matches', value: queue('Empty') }, { type: 'dimension', dimension: 'queueId', operator: 'matches', value: queue('Billing') }] },
    metrics: ['oWaiting', 'oOnQueueUsers'],
  });
  const waiting = body.results.find(r => r.group.queueId === queue('Empty') && r.group.mediaType === 'message');
  assert.equal(waiting.data.find(d => d.metric === 'oWaiting').stats.count, 1);
  const people = body.results.find(r => r.group.queueId === queue('Billing') && !r.group.mediaType);
  assert.equal(people.data.find(d => d.qualifier === 'IDLE').stats.count, 3);
});

await step('postConversationsMessageParticipantReplace moves a waiting conversation', async () => {
  const waiting = holder(await admin('GET', `/conversations/${talk.conversationId}`));
  await refused(conversations.postConversationsMessageParticipantReplace(talk.conversationId, waiting.id, { queueId: queue('Empty') }), 400, 'conversations.error.transfer.same.party');
  const { status } = await conversations.postConversationsMessageParticipantReplace(talk.conversationId, waiting.id, { queueId: queue('Night Desk') });
  assert.equal(status, 202);
  await until(talk.conversationId, view => holder(view)?.queueId === queue('Night Desk'));
});

await step('postConversationAssign', async () => {
  const hugo = house.agents.find(a => a.name === 'Hugo Silva').id;
  await conversations.postConversationAssign(talk.conversationId, { id: hugo });
  const view = await until(talk.conversationId, heldBy('agent'));
  assert.equal(holder(view).userId, hugo);
  await refused(routing.patchRoutingConversation(talk.conversationId, { priority: 1 }), 400, 'bad.request');
});

await step('postConversationParticipantReplaceAgent', async () => {
  const ana = house.agents.find(a => a.name === 'Ana Alvarez').id;
  const agent = holder(await admin('GET', `/conversations/${talk.conversationId}`));
  await conversations.postConversationParticipantReplaceAgent(talk.conversationId, agent.id, { userId: ana, transferType: 'Unattended' });
  await until(talk.conversationId, view => holder(view)?.userId === ana);
});

await step('postConversationParticipantTransfer by name', async () => {
  const agent = holder(await admin('GET', `/conversations/${talk.conversationId}`));
  await refused(conversations.postConversationParticipantTransfer(talk.conversationId, agent.id, { address: 'No such desk' }), 400, 'conversations.error.queue.not.found');
  await conversations.postConversationParticipantTransfer(talk.conversationId, agent.id, { address: 'Support', transferType: 'Unattended' });
  await until(talk.conversationId, view => holder(view)?.purpose === 'agent' && holder(view).queueId === queue('Support'));
});

await step('patchConversationParticipant ends the agent leg', async () => {
  const agent = holder(await admin('GET', `/conversations/${talk.conversationId}`));
  const { status } = await conversations.patchConversationParticipant(talk.conversationId, agent.id, { state: 'disconnected' });
  assert.equal(status, 202);
  assert.ok((await until(talk.conversationId, view => view.endTime)).endTime);
  await refused(conversations.patchConversationParticipant(talk.conversationId, unknown, { state: 'disconnected' }), 404, 'conversation.error.not.conversation.participant');
});

await step('wrap-up codes, posted and read', async () => {
  const whole = (await conversations.getConversation(talk.conversationId)).body;
  const agent = whole.participants.findLast(p => p.purpose === 'agent');
  const codes = (await conversations.getConversationParticipantWrapupcodes(talk.conversationId, agent.id)).body;
  assert.ok(codes.length >= 3);
  assert.equal((await conversations.getConversationsMessageParticipantWrapupcodes(talk.conversationId, agent.id)).body.length, codes.length);
  const posted = await conversations.postConversationsMessageParticipantCommunicationWrapup(talk.conversationId, agent.id, agent.messages[0].id, { body: { code: codes[1].id, name: codes[1].name, notes: 'called back' } });
  assert.equal(posted.status, 202);
  const read = (await conversations.getConversationsMessageParticipantCommunicationWrapup(talk.conversationId, agent.id, agent.messages[0].id)).body;
  assert.deepEqual([read.wrapup.code, read.wrapup.notes], [codes[1].id, 'called back']);
  assert.equal((await conversations.getConversationParticipantWrapup(talk.conversationId, agent.id)).body.wrapup.code, codes[1].id);
  await refused(conversations.postConversationsMessageParticipantCommunicationWrapup(talk.conversationId, agent.id, agent.messages[0].id, { body: { notes: 'x' } }), 400, 'conversation.error.wrapup.code.required');
});

await step('postConversationParticipantReplace, the deprecated form, with a user or queue as address', async () => {
  const other = await start('Hal');
  await conversations.postConversationParticipantReplace(other.conversationId, other.workflowParticipantId, { address: queue('Empty') });
  await until(other.conversationId, heldBy('acd'));
  await refused(conversations.postConversationParticipantReplace(other.conversationId, other.workflowParticipantId, { queueId: queue('Empty') }), 400, 'conversations.error.transfer.not.connected');
  assert.equal((await conversations.postConversationDisconnect(other.conversationId)).status, 202);
  await until(other.conversationId, view => view.endTime);
});

await step('deleteConversation and patchConversationsMessageParticipant', async () => {
  const one = await start('Ida');
  await conversations.deleteConversation(one.conversationId);
  assert.ok((await conversations.getConversation(one.conversationId)).body.endTime);
  const two = await start('Jon');
  await conversations.patchConversationsMessageParticipant(two.conversationId, two.customerParticipantId, { body: { state: 'disconnected' } });
  assert.ok((await conversations.getConversation(two.conversationId)).body.endTime);
  const three = await start('Kim');
  await refused(conversations.patchConversationsMessageParticipantCommunication(three.conversationId, three.customerParticipantId, three.customerCommunicationId, { state: 'connected' }), 400, 'communication.state.required');
  await conversations.patchConversationsMessageParticipantCommunication(three.conversationId, three.customerParticipantId, three.customerCommunicationId, { state: 'disconnected' });
  assert.ok((await conversations.getConversation(three.conversationId)).body.endTime);
});

await step('getAnalyticsBotflowSessions', async () => {
  const { body } = await analytics.getAnalyticsBotflowSessions(flow, { pageSize: 50 });
  const mine = body.entities.find(s => s.conversation.id === talk.conversationId);
  assert.deepEqual([mine.id, mine.botResultCategory], [talk.botSessionId, 'Transfer']);
});

await step('getAnalyticsConversationDetails, one and several', async () => {
  const one = (await analytics.getAnalyticsConversationDetails(talk.conversationId)).body;
  assert.equal(one.participants[1].sessions[0].flow.transferType, 'ACD');
  const several = (await analytics.getAnalyticsConversationsDetails({ id: [talk.conversationId, unknown] })).body;
  assert.deepEqual(several.conversations.map(c => c.conversationId), [talk.conversationId]);
});

await step('postAnalyticsConversationsDetailsQuery filters and pages', async () => {
  const day = 86_400_000;
  const interval = `${new Date(Date.now() - day).toISOString()}/${new Date(Date.now() + day).toISOString()}`;
  const all = (await analytics.postAnalyticsConversationsDetailsQuery({ interval, order: 'desc', orderBy: 'conversationStart', paging: { pageSize: 2, pageNumber: 1 } })).body;
  assert.equal(all.conversations.length, 2);
  assert.ok(all.totalHits >= 5);
  const moved = (await analytics.postAnalyticsConversationsDetailsQuery({
    interval,
    segmentFilters: [{ type: 'and', predicates: [{ type: 'dimension', dimension: 'queueId', operator: 'matches', value: queue('Night Desk') }] }],
    conversationFilters: [{ type: 'and', predicates: [{ type: 'metric', metric: 'nTransferred', range: { gte: 1 } }] }],
  })).body;
  assert.deepEqual(moved.conversations.map(c => c.conversationId), [talk.conversationId]);
  const none = (await analytics.postAnalyticsConversationsDetailsQuery({ interval, paging: { pageSize: 100, pageNumber: 9 } })).body;
  assert.equal(none.conversations, undefined);
});

await step('getKnowledgeKnowledgebases and postKnowledgeKnowledgebaseDocumentsSearch', async () => {
  await admin('POST', '/knowledge', [{ knowledgeBaseId: 'Service', id: 'parcel', title: 'Track a parcel', text: 'Open Shipping. Enter the number of the parcel.', tags: ['logistics'] }]);
  const one = (await knowledge.getKnowledgeKnowledgebases({ pageSize: '1' })).body;
  const after = new URL(one.nextUri, sandbox).searchParams.get('after');
  const service = (await knowledge.getKnowledgeKnowledgebases({ pageSize: '1', after })).body.entities[0];
  assert.deepEqual([one.entities[0].name, service.name, service.articleCount], ['Billing', 'Service', 4]);
  assert.equal((await knowledge.getKnowledgeKnowledgebase(service.id)).body.coreLanguage, 'en-US');
  const search = (await knowledge.postKnowledgeKnowledgebaseDocumentsSearch(service.id, { body: { query: 'where is my parcel', pageSize: 1, queryType: 'AutoSearch' } })).body;
  assert.deepEqual([search.results.length, search.results[0].document.id, search.results[0].document.answer], [1, 'parcel', 'Enter the number of the parcel.']);
  assert.ok(search.results[0].confidence > 0.5 && search.searchId);
  await refused(knowledge.postKnowledgeKnowledgebaseDocumentsSearch(service.id, { body: { query: '' } }), 400, 'required.field.missing');
  await refused(knowledge.postKnowledgeKnowledgebaseDocumentsSearch(service.id, { body: { query: 'x', pageSize: 31 } }), 400, 'bad.request');
  await refused(knowledge.postKnowledgeKnowledgebaseDocumentsSearch(unknown, { body: { query: 'x' } }), 404, 'not.found');
});

let helped;
async function suggested(count) {
  const deadline = Date.now() + 10_000;
  for (;;) {
    const { body } = await conversations.getConversationSuggestions(helped.conversationId);
    if (body.entities.length >= count) return body.entities;
    assert.ok(Date.now() < deadline, `never suggested: ${JSON.stringify(body)}`);
    await new Promise(resolve => setTimeout(resolve, 20));
  }
}

await step('getConversationSuggestions and getConversationSuggestion', async () => {
  await admin('PUT', '/queues/Support/assistant', { suggestsAfterSeconds: 0.01, atMost: 2 });
  helped = await start('Lea');
  await admin('POST', `/conversations/${helped.conversationId}/guest`, { text: 'I forgot my password' });
  await conversations.postConversationParticipantReplaceQueue(helped.conversationId, helped.workflowParticipantId, { queueId: queue('Support') });
  await until(helped.conversationId, heldBy('agent'));
  const [first] = await suggested(1);
  assert.deepEqual([first.type, first.triggerType, first.state, first.knowledgeSearch.document.id], ['KnowledgeSearch', 'ConversationTransfer', 'Suggested', 'password']);
  assert.equal(first.context.queue.id, queue('Support'));
  assert.deepEqual((await conversations.getConversationSuggestion(helped.conversationId, first.id)).body, first);
  await refused(conversations.getConversationSuggestion(helped.conversationId, unknown), 404, 'not.found');

  await admin('POST', `/conversations/${helped.conversationId}/guest`, { text: 'And where is my late delivery?' });
  await suggested(2);
  const page = (await conversations.getConversationSuggestions(helped.conversationId, { pageSize: '1', type: 'KnowledgeSearch', state: 'Suggested' })).body;
  const after = new URL(page.nextUri, sandbox).searchParams.get('after');
  const next = (await conversations.getConversationSuggestions(helped.conversationId, { pageSize: '1', after })).body;
  assert.deepEqual([page.entities[0].id, next.entities[0].triggerType], [first.id, 'Fallback']);
  const before = new URL(next.previousUri, sandbox).searchParams.get('before');
  assert.equal((await conversations.getConversationSuggestions(helped.conversationId, { pageSize: '1', before })).body.entities[0].id, first.id);
});

await step('postConversationSuggestionEngagement and postConversationSuggestionsFeedback', async () => {
  const [first, second] = await suggested(2);
  const state = async id => (await conversations.getConversationSuggestion(helped.conversationId, id)).body.state;
  await conversations.postConversationSuggestionEngagement(helped.conversationId, first.id, { engagementType: 'Opened' });
  assert.equal(await state(first.id), 'Suggested');
  assert.equal((await conversations.postConversationSuggestionEngagement(helped.conversationId, first.id, { engagementType: 'Copied' })).body.engagementType, 'Copied');
  assert.equal(await state(first.id), 'Accepted');
  const rated = (await conversations.postConversationSuggestionEngagement(helped.conversationId, first.id, { engagementType: 'Feedback', feedback: { rating: 'Positive' } })).body;
  assert.equal(rated.feedback.rating, 'Positive');
  await conversations.postConversationSuggestionsFeedback(helped.conversationId, { suggestionId: second.id, relevance: 'Irrelevant' });
  assert.deepEqual((await conversations.getConversationSuggestions(helped.conversationId, { state: 'Rated' })).body.entities.map(e => e.id), [first.id, second.id]);
  await refused(conversations.postConversationSuggestionEngagement(helped.conversationId, first.id, { engagementType: 'Loved' }), 400, 'invalid.value');
});

await step('patchConversationSuggestion', async () => {
  const [first] = await suggested(1);
  const { body } = await conversations.patchConversationSuggestion(helped.conversationId, first.id, { thirdPartySuggestion: { text: 'Use the link.', title: 'Password', sources: [{ name: 'Handbook', url: 'https://handbook.example' }] } });
  assert.deepEqual([body.type, body.thirdPartySuggestion.sources[0].name, body.knowledgeSearch], ['ThirdPartySuggestion', 'Handbook', undefined]);
});

await step('notifications: channel, subscriptions, socket', async () => {
  const available = (await notifications.getNotificationsAvailabletopics({ expand: ['requiresPermissions', 'transports'] })).body;
  assert.ok(available.entities.some(t => t.id === 'v2.routing.queues.{id}.conversations' && t.transports.includes('Websocket')));
  const channel = (await notifications.postNotificationsChannels()).body;
  assert.ok(new Date(channel.expires) > new Date());
  assert.equal((await notifications.getNotificationsChannels({ includechannels: 'oauthclient' })).body.entities.at(-1).id, channel.id);
  await notifications.headNotificationsChannel(channel.id);
  const ofQueue = `v2.routing.queues.${queue('Empty')}.conversations`;
  await notifications.postNotificationsChannelSubscriptions(channel.id, [{ id: ofQueue }]);
  await refused(notifications.putNotificationsChannelSubscriptions(channel.id, [{ id: 'v2.no.such' }]), 400, 'notification.invalid.topic');
  const mixed = (await notifications.postNotificationsChannelSubscriptions(channel.id, [{ id: 'v2.no.such' }, { id: `${ofQueue}.messages` }], { ignoreErrors: true })).body;
  assert.deepEqual(mixed.entities.map(e => e.state), ['Permitted', 'Permitted', 'Rejected']);
  assert.equal((await notifications.getNotificationsChannelSubscriptions(channel.id)).body.entities.length, 2);

  const socket = await connect(channel.connectUri);
  assert.deepEqual(await socket.ask({ message: 'ping' }), { topicName: 'channel.metadata', eventBody: { message: 'pong' } });
  const one = await start('Lou');
  await conversations.postConversationParticipantReplaceQueue(one.conversationId, one.workflowParticipantId, { queueId: queue('Empty'), transferType: 'Unattended' });
  const told = await socket.take();
  assert.deepEqual([told.topicName, told.version, told.eventBody.id], [ofQueue, '2', one.conversationId]);
  assert.ok(told.metadata.CorrelationId);
  const flat = await socket.take();
  assert.equal(flat.topicName, `${ofQueue}.messages`);
  assert.equal(flat.eventBody.participants.at(-1).queue.name, 'Empty');
  await admin('POST', `/conversations/${one.conversationId}/leave`);
  await notifications.deleteNotificationsChannelSubscriptions(channel.id);
  const closed = socket.closed;
  await admin('POST', `/channels/${channel.id}/evict`);
  assert.equal(await closed, 1001);
});

await step('web messaging: a guest, the organization that finds the conversation, and the history', async () => {
  const token = '7f0c9a52-2d0e-4a44-9a3f-0d7c2b1f9d11';
  const deploymentId = house.deployments[0].id;
  const page = await connect(`${house.webMessagingUri}?deploymentId=${deploymentId}`, { origin: 'https://shop.example' });
  const session = await page.ask({ action: 'configureSession', token, deploymentId, startNew: false });
  assert.deepEqual([session.class, session.body.newSession], ['SessionResponse', true]);
  const own = await page.ask({ action: 'onMessage', token, tracingId: 't1', message: { type: 'Text', text: 'Is anybody there?', channel: { metadata: { customAttributes: { order: '7' } } } } });
  assert.deepEqual([own.body.direction, own.tracingId], ['Inbound', 't1']);
  const { conversationId } = (await conversations.getConversationsMessageDetails(own.body.id)).body;
  const whole = (await conversations.getConversation(conversationId)).body;
  assert.equal(whole.participants[0].attributes['context.order'], '7');
  await conversations.postConversationsMessageCommunicationMessages(conversationId, whole.participants[1].messages[0].id, { textBody: 'Yes, one moment' });
  const reply = await page.take();
  assert.deepEqual([reply.body.direction, reply.body.text], ['Outbound', 'Yes, one moment']);
  const { jwt } = (await page.ask({ action: 'getJwt', token })).body;
  // The SDK sends whatever token it was given: the guest's for this call.
  const mine = client.authentications['PureCloud OAuth'].accessToken;
  client.setAccessToken(jwt);
  const history = (await webMessaging.getWebmessagingMessages({ pageSize: 10, pageNumber: 1 })).body;
  client.setAccessToken(mine);
  assert.deepEqual(history.entities.map(m => m.text), ['Yes, one moment', 'Is anybody there?']);
  page.close();
});

await step('403 names the permissions', async () => {
  await admin('POST', '/clients', { id: 'reader', secret: 'reader-secret', permissions: ['conversation:communication:view'] });
  await client.loginClientCredentialsGrant('reader', 'reader-secret');
  const single = await refused(routing.getRoutingQueues(), 403, 'missing.permissions');
  assert.equal(single.body.messageParams.permissions, 'routing:queue:view');
  const any = await refused(conversations.postConversationParticipantReplaceQueue(talk.conversationId, talk.workflowParticipantId, { queueId: queue('Empty') }), 403, 'missing.any.permissions');
  assert.ok(any.body.messageParams.permissions.includes('conversation:communication:blindTransferQueue'));
});

await step('429 with Retry-After, by a fault and by the window', async () => {
  await client.loginClientCredentialsGrant('baton-sandbox', 'sandbox-secret');
  await admin('PUT', '/faults', [{ kind: 'tooManyRequests', path: '*/organizations/me', times: 1, retryAfterSeconds: 7 }]);
  const byFault = await refused(organization.getOrganizationsMe(), 429, 'too.many.requests.retry.after');
  assert.equal(byFault.headers['retry-after'], '7');
  await admin('POST', '/clients', { id: 'hasty', secret: 'hasty-secret', callsPerMinute: 3 });
  await client.loginClientCredentialsGrant('hasty', 'hasty-secret');
  for (let i = 0; i < 3; i++) await organization.getOrganizationsMe();
  const byWindow = await refused(organization.getOrganizationsMe(), 429, 'too.many.requests.retry.after');
  assert.equal(byWindow.body.limit.value, 3);
  assert.ok(Number(byWindow.headers['retry-after']) <= 60);
});

await step('generatePKCECodeVerifier, computePKCECodeChallenge, authorizePKCEGrant and getUsersMe', async () => {
  await admin('POST', '/clients', { id: 'people', redirectUris: ['https://app.example/back'] });
  const grace = house.agents.find(a => a.name === 'Grace Chen');
  const verifier = client.generatePKCECodeVerifier(128);
  const query = { client_id: 'people', redirect_uri: 'https://app.example/back', code_challenge: await client.computePKCECodeChallenge(verifier), response_type: 'code', code_challenge_method: 'S256', state: 's1', login_hint: grace.email };
  const back = async () => new URL((await fetch(client._buildAuthUrl('oauth/authorize', query), { redirect: 'manual' })).headers.get('location')).searchParams;
  const first = await back();
  assert.equal(first.get('state'), 's1');
  const wrong = await client.authorizePKCEGrant('people', client.generatePKCECodeVerifier(43), first.get('code'), query.redirect_uri).then(() => assert.fail('was let in'), e => e);
  assert.equal(wrong.status ?? wrong.response?.status, 400);
  const auth = await client.authorizePKCEGrant('people', verifier, (await back()).get('code'), query.redirect_uri);
  assert.ok(auth.accessToken && auth.tokenExpiryTime > Date.now());
  const me = (await users.getUsersMe({ expand: ['authorization'] })).body;
  assert.deepEqual([me.id, me.authorization.roles.map(r => r.name)], [grace.id, ['employee', 'Supervisor']]);
  await client.loginClientCredentialsGrant('baton-sandbox', 'sandbox-secret');
  await refused(users.getUsersMe(), 400, 'not.a.user');
});

await step('503 without a body', async () => {
  await client.loginClientCredentialsGrant('baton-sandbox', 'sandbox-secret');
  await admin('PUT', '/faults', [{ kind: 'status', status: 503, path: '*/organizations/me', times: 1 }]);
  const error = await organization.getOrganizationsMe().then(() => assert.fail('was not refused'), e => e);
  assert.equal(error.status, 503);
  assert.ok(!error.body);
});

await step('deleteTokensMe', async () => {
  await tokens.deleteTokensMe();
  await refused(tokens.getTokensMe(), 401, 'bad.credentials');
});

process.exit(failures);
