# Build in the repository's root: docker build -f deploy/images/rust.Dockerfile --build-arg LINKED=statically .
# The contender warp-rust (LINKED=dynamically) or warp-rust-static (LINKED=statically). The variable APP_ID chooses the role.
ARG LINKED=dynamically

FROM rust:1.95-slim-trixie@sha256:28846ec5a6bcfcddb93f403ba7071bd579787852b2f2ac3839965620e8bd9456 AS build
ARG LINKED
WORKDIR /repo/apps
COPY apps/Cargo.toml apps/Cargo.lock ./
COPY apps/orders-rust/ orders-rust/
COPY apps/spin-rust/ spin-rust/
COPY apps/warp-rust/ warp-rust/
# The target is named, so that the flags concern no program that runs while it is built.
RUN target="$(rustc --version --verbose | sed -n 's/^host: //p')" \
 && if [ "$LINKED" = statically ]; then export RUSTFLAGS='-C target-feature=+crt-static'; fi \
 && cargo build --release --locked --package warp-rust --target "$target" \
 && cp "target/$target/release/warp-rust" /app

# What each is linked to decides what its image must hold.
FROM debian:trixie-slim@sha256:a29215f6a35e51e22adffa17f89e9d2ef06214e64a2bad10d765c46aea49f11f AS dynamically
FROM scratch AS statically

FROM ${LINKED}
ENV APP_HOST=0.0.0.0 APP_PORT=3000
COPY --from=build /app /app
# By number: Kubernetes can only tell from a number that it is not root.
USER 1000:1000
EXPOSE 3000
CMD ["/app"]
