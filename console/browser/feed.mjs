// Feeds for the tests of timetables: the demo's own, changed, as a zip archive.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { crc32 } from "node:zlib";

const folder = new URL("../../data/demo/demo-karpaty/", import.meta.url);

/** The feed of the demo's company with changed files: `changes` has a function of the text for the name of each. */
export function feed(changes = {}) {
  const files = readdirSync(folder).map((name) => {
    const text = readFileSync(new URL(name, folder), "utf8");
    return [name, Buffer.from(changes[name]?.(text) ?? text)];
  });
  return zip(files);
}

/** A stop time whose stop is not in the feed. */
export const withoutStop = { "stop_times.txt": (text) => text.replace(",zhytomyr,2,", ",nowhere,2,") };

/** A fare that differs each time. */
export const anotherFare = {
  "fare_attributes.txt": (text) => text.replace(",250.00,", `,${(250 + (Date.now() % 5000) / 100).toFixed(2)},`),
};

/** A zip archive without compression. */
function zip(files) {
  const [parts, directory] = [[], []];
  let offset = 0;
  for (const [name, content] of files) {
    const entry = Buffer.alloc(26);
    entry.writeUInt16LE(20, 0);
    entry.writeUInt32LE(crc32(content), 10);
    entry.writeUInt32LE(content.length, 14);
    entry.writeUInt32LE(content.length, 18);
    entry.writeUInt16LE(name.length, 22);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(offset, 10);
    const local = [Buffer.from("PK\x03\x04"), entry, Buffer.from(name), content];
    parts.push(...local);
    directory.push(Buffer.from("PK\x01\x02\x14\x00"), entry, place, Buffer.from(name));
    offset += Buffer.concat(local).length;
  }
  const listed = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(files.length, 4);
  end.writeUInt16LE(files.length, 6);
  end.writeUInt32LE(listed.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...parts, listed, Buffer.from("PK\x05\x06"), end]);
}

/**
 * The id of a timetable that can be published and has a rejected row, uploaded if there is none; the page is signed in
 * to the company.
 */
export async function readyUpload(page) {
  const read = async (path) => (await (await page.request.get(`/v2/timetable/uploads${path}`)).json()).data;
  for (const { id } of (await read("?take=100")).uploads.filter(({ status }) => status === "Ready")) {
    const { upload } = await read(`/${id}`);
    if (upload.report.rejected.total > 0) return id;
  }
  const headers = { "content-type": "application/zip", origin: new URL(page.url()).origin };
  const answer = await page.request.post("/v2/timetable/uploads", { headers, data: feed(withoutStop) });
  assert.equal(answer.status(), 202);
  const { id } = (await answer.json()).data.upload;
  for (let tries = 0; tries < 200; tries++) {
    if ((await read(`/${id}`)).upload.status === "Ready") return id;
    await wait(100);
  }
  assert.fail(`the upload ${id} is not ready within 20 seconds`);
}
