// No-op jobs through BullMQ. Usage: node bullmq.mjs <redis port> throughput <jobs> | latency <jobs>
import { Queue, Worker } from "bullmq";

// Also as the first process of a container, where the signal would be ignored.
process.on("SIGTERM", () => process.exit(143));

const [port, mode, count] = [Number(process.argv[2]), process.argv[3], Number(process.argv[4])];
const connection = { host: "127.0.0.1", port, maxRetriesPerRequest: null };
const queue = new Queue("bench", { connection, defaultJobOptions: { removeOnComplete: true } });
await queue.waitUntilReady();

const now = () => performance.timeOrigin + performance.now();
const bulk = (from, n) =>
  queue.addBulk(Array.from({ length: n }, (_, i) => ({ name: "noop", data: { id: from + i } })));

function worker(handle, total) {
  let finished = 0;
  let over;
  const done = new Promise((resolve) => (over = resolve));
  const instance = new Worker("bench", handle, { connection, concurrency: 50, autorun: false });
  instance.on("completed", () => {
    finished += 1;
    if (finished === total) over();
  });
  return { instance, done };
}

if (mode === "throughput") {
  const { instance, done } = worker(async () => {}, count);
  await instance.waitUntilReady();
  const start = now();
  for (let i = 0; i < count; i += 1000) await bulk(i, Math.min(1000, count - i));
  const filled = now();
  instance.run();
  await done;
  const end = now();
  console.log(JSON.stringify({
    enqueue_per_s: Math.round(count / ((filled - start) / 1000)),
    drain_per_s: Math.round(count / ((end - filled) / 1000)),
    total_per_s: Math.round(count / ((end - start) / 1000)),
  }));
  await instance.close();
} else {
  const waits = [];
  const { instance, done } = worker(async (job) => { waits.push(now() - job.data.at); }, count);
  await instance.waitUntilReady();
  instance.run();
  for (let i = 0; i < count; i += 1) {
    await queue.add("noop", { at: now() });
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await done;
  waits.sort((a, b) => a - b);
  const at = (q) => Number(waits[Math.ceil(q * waits.length) - 1].toFixed(2));
  console.log(JSON.stringify({ p50_ms: at(0.5), p99_ms: at(0.99), max_ms: at(1) }));
  await instance.close();
}
await queue.close();
