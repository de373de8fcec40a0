for i in minimal datascience gpu spark science; do podman build -t quay.io/example/$i:2026a -f $i/Dockerfile $i; done
