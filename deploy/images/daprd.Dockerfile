# Build in the repository's root: docker build -f deploy/images/daprd.Dockerfile .
# daprd as local/daprd makes it: Dapr's own sidecar with the bindings that are used here, and two mends (its README).

FROM --platform=$BUILDPLATFORM golang:1.26-bookworm@sha256:b305420a68d0f229d91eb3b3ed9e519fcf2cf5461da4bef997bf927e8c0bfd2b AS build
ARG TARGETARCH
WORKDIR /src
COPY local/daprd/ ./
# The flags of local/rig/src/tools/go-tool.ts.
RUN VERSION="$(go list -m -f '{{.Version}}' github.com/dapr/dapr | sed s/^v//)" \
 && CGO_ENABLED=0 GOARCH="$TARGETARCH" GOFLAGS='-trimpath -buildvcs=false -mod=readonly -gcflags=all=-dwarf=false' go build -o built/daprd \
    -ldflags "-s -w -X github.com/dapr/dapr/pkg/buildinfo.version=$VERSION -X github.com/dapr/kit/logger.DaprVersion=$VERSION" .

FROM gcr.io/distroless/static-debian12@sha256:20bc6c0bc4d625a22a8fde3e55f6515709b32055ef8fb9cfbddaa06d1760f838
COPY --from=build /src/built/daprd /daprd
# By number: Kubernetes can only tell from a number that it is not root.
USER 65532:65532
# Stopped by SIGTERM with work in hand it hands messages back until they are dead letters; killed, it costs each one delivery
# (docs/reliability.md).
STOPSIGNAL SIGKILL
