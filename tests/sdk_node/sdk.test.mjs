// SPDX-FileCopyrightText: 2026 Waarmerk contributors
// SPDX-License-Identifier: EUPL-1.2
// The unmodified `openai` SDK for JavaScript, pointed at Waarmerk by base URL and key alone. test_openai.py starts it.

import assert from "node:assert/strict";
import { test } from "node:test";

import OpenAI from "openai";

const { WAARMERK_ADDRESS, BALIE_KEY, OUDE_TOOL_KEY } = process.env;
const client = new OpenAI({ baseURL: `${WAARMERK_ADDRESS}/v1`, apiKey: BALIE_KEY });

/** The scripted model answers as the question says. */
const ask = (content, more = {}) => ({ model: "balie-zoekvraag", messages: [{ role: "user", content }], ...more });

const caught = async (kind, promise) => {
    const error = await promise.then(() => null, (reason) => reason);
    assert.ok(error instanceof kind, `${error?.constructor?.name}: ${error?.message}`);
    return error;
};

test("chat", async () => {
    const { data, request_id } = await client.chat.completions.create(ask("whole")).withResponse();
    assert.equal(data.choices[0].message.content, "een");
    assert.equal(data.ai_provenance.generated, true);
    assert.equal(data.ai_provenance.id, request_id);
});

test("several choices", async () => {
    const answer = await client.chat.completions.create(ask("whole", { n: 2 }));
    assert.deepEqual(answer.choices.map((choice) => choice.message.content), ["een", "twee"]);
    assert.equal(new Set(answer.ai_provenance.codes).size, 2);
});

test("stream", async () => {
    const parts = [];
    for await (const part of await client.chat.completions.create(ask("stream", { stream: true }))) parts.push(part);
    assert.equal(parts.map((part) => part.choices[0].delta.content ?? "").join(""), "Dag é🙂");
    assert.equal(parts.at(-1).choices[0].finish_reason, "stop");
    assert.equal(parts.at(-1).ai_provenance.generated, true);
});

test("the stream helper", async () => {
    const runner = client.chat.completions.stream(ask("stream"));
    assert.equal(await runner.finalContent(), "Dag é🙂");
});

test("a draft says what it is, whole and streamed", async () => {
    const texts = [];
    for (const stream of [false, true]) {
        const answer = await client.chat.completions.create(ask("draft", { model: "balie-concept", stream }));
        if (!stream) texts.push([answer.choices[0].message.content, answer.ai_provenance.codes[0]]);
        else {
            let [text, code] = ["", ""];
            for await (const part of answer) {
                text += part.choices[0].delta.content ?? "";
                code = part.ai_provenance?.codes[0] ?? code;
            }
            texts.push([text, code]);
        }
    }
    for (const [text, code] of texts) {
        assert.ok(text.startsWith("AI-concept. Niet gecontroleerd. Niet publiceren.\n\nDit is een zin"), text);
        assert.ok(text.endsWith(`\n\n\u2014\nGemaakt met AI · code ${code} · ${WAARMERK_ADDRESS}/v/${code}`), text);
        const marks = text.match(/[\uFE00-\uFE0F\u{E0100}-\u{E01EF}]{10}(?=[.!])/gu);
        assert.deepEqual([marks.length, new Set(marks).size], [2, 1]);
    }
});

test("a stream that is cut ends with an error", async () => {
    const texts = [];
    const error = await caught(OpenAI.APIError, (async () => {
        const stream = await client.chat.completions.create(ask("cut", { stream: true }));
        for await (const part of stream) texts.push(part.choices[0].delta.content);
    })());
    assert.deepEqual([texts.join(""), error.code], ["Dag ", "upstream-invalid"]);
});

test("tools", async () => {
    const tools = [{ type: "function", function: { name: "zoek", parameters: { type: "object" } } }];
    const answer = await client.chat.completions.create(ask("tools", { tools }));
    assert.deepEqual(answer.choices[0].message.tool_calls[0].function, { name: "zoek", arguments: '{"q":  "paspoort"}' });
});

test("JSON schema", async () => {
    const schema = { type: "object", properties: { terms: { type: "array", items: { type: "string" } } } };
    const response_format = { type: "json_schema", json_schema: { name: "terms", strict: true, schema } };
    const answer = await client.chat.completions.parse(ask("schema", { response_format }));
    assert.deepEqual(JSON.parse(answer.choices[0].message.content), { terms: ["paspoort"] });
});

test("a refusal by policy is typed, with rule and remedy", async () => {
    const old = new OpenAI({ baseURL: `${WAARMERK_ADDRESS}/v1`, apiKey: OUDE_TOOL_KEY });
    const asked = old.chat.completions.create(ask("whole", { model: "oude-samenvatting" }));
    const error = await caught(OpenAI.PermissionDeniedError, asked);
    assert.deepEqual([error.status, error.code, error.type], [403, "blocked_by_policy", "permission_error"]);
    assert.equal(error.error.rule, "consumer-terms");
    assert.ok(error.error.remedy);
    assert.ok(error.requestID.startsWith("exc_"));
});

test("a task that asks for what no room can do is refused", async () => {
    const asked = client.chat.completions.create(ask("whole", { model: "balie-chat" }));
    const error = await caught(OpenAI.PermissionDeniedError, asked);
    assert.equal(error.code, "obligation-unsupported");
    assert.match(error.message, /Notice/);
    assert.ok(error.error.remedy);
});

test("a stranger", async () => {
    const stranger = new OpenAI({ baseURL: `${WAARMERK_ADDRESS}/v1`, apiKey: `wmk_${"x".repeat(43)}` });
    const error = await caught(OpenAI.AuthenticationError, stranger.chat.completions.create(ask("whole")));
    assert.equal(error.code, "not-authenticated");
});

test("the list of models", async () => {
    const names = [];
    for await (const model of client.models.list()) names.push(model.id);
    assert.ok(names.includes("balie-zoekvraag"));
    assert.ok(!names.includes("balie-chat"));
});
