// SPDX-FileCopyrightText: 2026 Waarmerk contributors
// SPDX-License-Identifier: EUPL-1.2
// Two C2PA validators by others judge texts with a manifest beside them. test_verifiers.py starts it: cases in, verdicts out.
//
// c2pa-node is the reference implementation in another version than ours; c2pa-ts shares no code with it. The latter knows only
// images and sound by itself, so it is shown where the bytes of a text are; what it makes of them is its own.

import { Reader } from "@contentauth/c2pa-node";
import { SuperBox } from "@trustnxt/c2pa-ts/jumbf";
import { ManifestStore } from "@trustnxt/c2pa-ts/manifest";

/** Bytes without a manifest inside: nothing is left out of the hash. */
class Text {
    mimeType = "text/plain";

    constructor(bytes) {
        this.bytes = bytes;
    }

    getDataLength() {
        return this.bytes.length;
    }

    async getDataRange(start = 0, length = this.bytes.length - start) {
        return this.bytes.subarray(start, start + length);
    }

    getHashExclusionRange() {
        return { start: 0, length: 0 };
    }

    getManifestJUMBF() {
        return undefined;
    }

    dumpInfo() {
        return "";
    }
}

const byReference = async (text, store, root) => {
    const settings = {
        verify: { verify_trust: true, remote_manifest_fetch: false, ocsp_fetch: false },
        trust: { trust_anchors: root, trust_config: "1.3.6.1.4.1.62558.2.1\n1.3.6.1.5.5.7.3.4\n" },
    };
    const reader = await Reader.fromManifestDataAndAsset(store, { buffer: text, mimeType: "text/plain" }, settings);
    const report = reader.json();
    const codes = report.validation_results.activeManifest.failure.map((each) => each.code);
    return { state: report.validation_state, codes };
};

const byTypeScript = async (text, store) => {
    const read = ManifestStore.read(SuperBox.fromBuffer(new Uint8Array(store)));
    const result = await read.validate(new Text(new Uint8Array(text)));
    const codes = result.statusEntries.filter((each) => !each.success).map((each) => each.code);
    return { state: result.isValid ? "Valid" : "Invalid", codes };
};

const input = [];
for await (const piece of process.stdin) input.push(piece);
const verdicts = [];
for (const { text, store, root } of JSON.parse(Buffer.concat(input).toString())) {
    const bytes = [Buffer.from(text, "base64"), Buffer.from(store, "base64")];
    verdicts.push({ reference: await byReference(...bytes, root), typescript: await byTypeScript(...bytes) });
}
process.stdout.write(JSON.stringify(verdicts));
