# slipway as a container image: Debian, the ssh client, and slipway as one program. It is made of a clone:
#
#   npm run executable
#   docker build -t slipway .        # or podman build, or buildah bud
#
# docs/install.md says how it is run, with your inventory and your ssh-agent.
ARG BASE=docker.io/library/debian:bookworm-slim
FROM ${BASE}

# What `ssh -G` says of hosts in an ssh configuration is asked of the client; certificates are for what is fetched.
RUN apt-get update \
  && apt-get install --yes --no-install-recommends ca-certificates openssh-client \
  && rm -rf /var/lib/apt/lists/* \
  && useradd --create-home --uid 1000 slipway

COPY build/slipway-linux-x64 /usr/local/bin/slipway

# The inventory is mounted here, and the socket of the agent to /ssh-agent.
USER slipway
WORKDIR /cluster
ENV SSH_AUTH_SOCK=/ssh-agent

ENTRYPOINT ["slipway"]
CMD ["--help"]
