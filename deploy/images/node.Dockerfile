# Build in the repository's root: docker build -f deploy/images/node.Dockerfile --build-arg APP=null .
# A contender under apps/ that is a Node program: express, express-fetch, express-bulk, null; or the Order API: order-api/express. The variable
# APP_ID chooses the role.

# On the builder's own processor: what is built is JavaScript and runs on every other.
FROM --platform=$BUILDPLATFORM node:24-bookworm-slim@sha256:6f7b03f7c2c8e2e784dcf9295400527b9b1270fd37b7e9a7285cf83b6951452d AS build
ARG APP
WORKDIR /repo
COPY package.json package-lock.json .npmrc tsconfig.base.json ./
COPY apps/ apps/
# --ignore-scripts: no dependency of these workspaces needs an install script.
# --omit=optional: valibot names TypeScript as an optional peer, and the lockfile has it for the build.
RUN npm ci --ignore-scripts -w apps/orders -w apps/express -w apps/spin -w "apps/$APP" --include-workspace-root \
 && npx tsc -b "apps/$APP" \
 && rm -rf apps/*/src \
 && npm ci --ignore-scripts --omit=dev --omit=optional -w apps/orders -w apps/express -w apps/spin -w "apps/$APP"

FROM node:24-bookworm-slim@sha256:6f7b03f7c2c8e2e784dcf9295400527b9b1270fd37b7e9a7285cf83b6951452d
ARG APP
ENV NODE_ENV=production APP_HOST=0.0.0.0 APP_PORT=3000
COPY --from=build /repo/ /repo/
WORKDIR /repo/apps/$APP
# The user node, by number: Kubernetes can only tell from a number that it is not root.
USER 1000:1000
EXPOSE 3000
CMD ["node", "dist/main.js"]
