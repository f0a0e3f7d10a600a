// An app that keeps what daprd posts to it, byte for byte, and answers as the test tells it to.
//   PUT /answer {path, status}  answers posts to the path so from now on; null: not before the next PUT /answer
//   GET /received               every post so far: [{path, headers, body (base64)}]
//   DELETE /received            forgets posts and answers; what was held is answered 200
import { createServer } from 'node:http';
import { buffer } from 'node:stream/consumers';

const statuses = new Map();
const received = [];
const held = new Set();

const server = createServer((req, res) => {
  buffer(req).then(
    body => route({ req, res, body }),
    // The sender went away in the middle of its request: nobody is left to answer.
    () => res.destroy(),
  );
});
server.listen(process.env.PORT, '127.0.0.1');

function route({ req, res, body }) {
  switch (`${req.method} ${req.url}`) {
    case 'GET /healthz':
      return res.end();
    case 'GET /received':
      return res.setHeader('content-type', 'application/json').end(JSON.stringify(received));
    case 'DELETE /received':
      received.length = 0;
      statuses.clear();
      answerHeld();
      return res.end();
    case 'PUT /answer': {
      const { path, status } = JSON.parse(body);
      statuses.set(path, status);
      answerHeld();
      return res.end();
    }
  }
  // Asked for at daprd's start: its app has no Dapr configuration and no topics.
  if (req.method !== 'POST') return res.writeHead(404).end();
  received.push({ path: req.url, headers: req.headers, body: body.toString('base64') });
  held.add({ path: req.url, res });
  answerHeld();
}

function answerHeld() {
  for (const post of held) {
    const status = statuses.has(post.path) ? statuses.get(post.path) : 200;
    if (status === null) continue;
    post.res.writeHead(status).end();
    held.delete(post);
  }
}
