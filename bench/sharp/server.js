// server.js <directory>: GET /<name> answers that picture, made anew to be 500 pixels wide; prints its port once it listens
const fs = require('node:fs');
const http = require('node:http');
const path = require('node:path');
const sharp = require('sharp');

const directory = process.argv[2];
sharp.cache(false);

const server = http.createServer(async (request, response) => {
  try {
    const file = path.join(directory, path.basename(request.url));
    const bytes = await sharp(file).resize(500).jpeg({ quality: 82 }).toBuffer();
    response.writeHead(200, { 'Content-Type': 'image/jpeg', 'Content-Length': bytes.length });
    response.end(bytes);
  } catch (failed) {
    response.writeHead(500, { 'Content-Length': 0 });
    response.end();
    console.error(failed);
  }
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));

// ends with whoever started it, also when that one is killed
process.stdin.resume();
process.stdin.on('end', () => process.exit());
