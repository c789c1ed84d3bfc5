// SPDX-FileCopyrightText: 2026 Waarmerk contributors
// SPDX-License-Identifier: EUPL-1.2
// The unmodified `openai` SDK for JavaScript and an answer that a human must see first. test_reviews.py starts it, and is the
// reviewer meanwhile, who approves everything but what asks to be rejected.

import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";

import OpenAI from "openai";

const { WAARMERK_ADDRESS, BALIE_KEY } = process.env;
let calls = 0;
const counted = (...asked) => {
    calls += 1;
    return fetch(...asked);
};
const client = new OpenAI({ baseURL: `${WAARMERK_ADDRESS}/v1`, apiKey: BALIE_KEY, fetch: counted });

/** The review that the typed error names, after one call and no retry. */
const held = async (content, more = {}) => {
    calls = 0;
    const asked = client.chat.completions.create({ model: "balie-antwoord", messages: [{ role: "user", content }], ...more });
    const error = await asked.then(() => null, (reason) => reason);
    assert.ok(error instanceof OpenAI.APIError, `${error?.constructor?.name}: ${error?.message}`);
    assert.deepEqual([error.status, error.code, error.type], [423, "held_for_review", "human_review_pending"]);
    assert.ok(!JSON.stringify(error.error).includes("kanarie"));
    assert.equal(error.headers.get("x-review-id"), error.error.review.id);
    assert.equal(calls, 1);
    return error.error.review;
};

/** What it comes to, as an application finds out: ask again as long as it is locked. */
const decided = async ({ completion_id }) => {
    for (const end = Date.now() + 30_000; Date.now() < end; await pause(200)) {
        calls = 0;
        const outcome = await client.chat.completions.retrieve(completion_id).catch((reason) => reason);
        assert.equal(calls, 1);
        if (outcome.status !== 423) return outcome;
    }
    throw new Error(`Nobody decided on ${completion_id}.`);
};

for (const stream of [false, true]) {
    test(`held, approved, retrieved (stream: ${stream})`, async () => {
        const review = await held(`Mag dit op de website? ${stream}`, { stream });
        const done = await decided(review);
        assert.deepEqual([done.id, done.object, done.review?.status], [review.completion_id, "chat.completion", "approved"]);
        const [{ message, finish_reason }] = done.choices;
        assert.equal(finish_reason, "stop");
        assert.match(message.content, /kanarie-4713/);
        assert.ok(message.content.endsWith(`${WAARMERK_ADDRESS}/v/${done.ai_provenance.codes[0]}`), message.content);
    });
}

test("the stream helper is told as well", async () => {
    calls = 0;
    const messages = [{ role: "user", content: "Mag dit met de hulp voor streams?" }];
    const asked = client.chat.completions.stream({ model: "balie-antwoord", messages }).finalContent();
    const error = await asked.then(() => null, (reason) => reason);
    assert.deepEqual([error?.status, error?.code, calls], [423, "held_for_review", 1]);
    assert.equal((await decided(error.error.review)).review.status, "approved");
});

test("held, rejected, never retrieved", async () => {
    const error = await decided(await held("Keur dit af."));
    assert.ok(error instanceof OpenAI.PermissionDeniedError, String(error));
    assert.deepEqual([error.status, error.code], [403, "review_rejected"]);
    assert.ok(!JSON.stringify(error.error).includes("kanarie"));
});
