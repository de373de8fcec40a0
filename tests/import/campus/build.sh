for i in base gpu r course tools; do docker build -t ghcr.io/example/$i:latest $i; done
