// The real client: node watch.mjs ADDRESS KEY, then one JSON command a line on stdin; everything that comes is one JSON line on stdout.
import * as signalR from '@microsoft/signalr';
import readline from 'node:readline';

const [address, key] = process.argv.slice(2);
const say = line => process.stdout.write(JSON.stringify(line) + '\n');
const connection = new signalR.HubConnectionBuilder()
  .withUrl(`${address}/hubs/pipelines`, { accessTokenFactory: () => key })
  .configureLogging(signalR.LogLevel.None)
  .build();
connection.on('event', event => say({ event }));
connection.onclose(() => say({ closed: true }));

try {
  await connection.start();
  say({ connected: true });
} catch (refused) {
  say({ refused: String(refused) });
  process.exit(0);
}
for await (const line of readline.createInterface({ input: process.stdin })) {
  const [method, ...args] = JSON.parse(line);
  try {
    say({ answer: (await connection.invoke(method, ...args)) ?? null });
  } catch (failed) {
    say({ failed: String(failed) });
  }
}
await connection.stop();
