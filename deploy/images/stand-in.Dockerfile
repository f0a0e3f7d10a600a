# Build in the repository's root: docker build -f deploy/images/stand-in.Dockerfile --build-arg STAND_IN=broker .
# broker or blob of local/, for deploy/stand-ins.

# The same for both, so that the second image takes it from the engine's cache. On the builder's own processor: what is built is
# JavaScript and runs on every other.
FROM --platform=$BUILDPLATFORM node:24-bookworm-slim@sha256:6f7b03f7c2c8e2e784dcf9295400527b9b1270fd37b7e9a7285cf83b6951452d AS compiled
WORKDIR /repo
COPY package.json package-lock.json .npmrc tsconfig.base.json ./
COPY local/broker/ local/broker/
COPY local/blob/ local/blob/
# --ignore-scripts: no dependency of these workspaces needs an install script.
RUN npm ci --ignore-scripts -w local/broker -w local/blob --include-workspace-root \
 && npx tsc -b local/broker local/blob \
 && rm -rf node_modules local/*/node_modules local/*/src local/*/clients

FROM --platform=$BUILDPLATFORM node:24-bookworm-slim@sha256:6f7b03f7c2c8e2e784dcf9295400527b9b1270fd37b7e9a7285cf83b6951452d AS installed
ARG STAND_IN
WORKDIR /repo
COPY --from=compiled /repo/ /repo/
RUN npm ci --ignore-scripts --omit=dev --omit=optional -w "local/$STAND_IN"

FROM node:24-bookworm-slim@sha256:6f7b03f7c2c8e2e784dcf9295400527b9b1270fd37b7e9a7285cf83b6951452d
ARG STAND_IN
ENV NODE_ENV=production
COPY --from=installed /repo/ /repo/
WORKDIR /repo/local/$STAND_IN
# The user node, by number: Kubernetes can only tell from a number that it is not root.
USER 1000:1000
CMD ["node", "dist/main.js"]
