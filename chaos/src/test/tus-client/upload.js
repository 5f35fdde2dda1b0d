// Uploads a file with the client that browsers use, and tells the test what happens, a line each:
//   paused    a third is sent, and nothing goes on until a line comes in
//   midway    two thirds are sent, and it goes on
//   done URL  all of it is sent, and this is the image
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { Upload } from 'tus-js-client';

const [endpoint, token, owner, file] = process.argv.slice(2);
const bytes = readFileSync(file);
const chunkSize = Math.ceil(bytes.length / 30);
let accepted = 0;
const told = new Set();

function tellOnce(line) {
  const isNew = !told.has(line);
  told.add(line);
  if (isNew) console.log(line);
  return isNew;
}

const upload = new Upload(bytes, {
  endpoint,
  chunkSize,
  metadata: { ownerType: 'user', ownerId: owner, role: 'portrait', filename: 'noise.png' },
  headers: { Authorization: `Bearer ${token}` },
  retryDelays: Array(100).fill(300),
  // slow enough to be killed in between
  onBeforeRequest: () => delay(50),
  onAfterResponse: (request, response) => {
    const offset = Number(response.getHeader('Upload-Offset') ?? accepted);
    if (offset < accepted) {
      console.log(`went back from ${accepted} to ${offset}`);
      process.exit(1);
    }
  },
  onChunkComplete: (size, total) => {
    accepted = total;
    if (total > bytes.length / 3 && tellOnce('paused')) {
      upload.abort();
      process.stdin.once('data', () => upload.start());
    } else if (total > (2 * bytes.length) / 3) {
      tellOnce('midway');
    }
  },
  onError: (error) => {
    console.log(`failed: ${error}`);
    process.exit(1);
  },
  onSuccess: ({ lastResponse }) => {
    console.log(`done ${lastResponse.getHeader('Content-Location')}`);
    process.exit(0);
  },
});
upload.start();
