# Written by jenvc from layers/science.jenv. Change that file, then run `jenvc build`.
# Image: quay.io/jupyter/pytorch-notebook    Cells: py3.12-cpu, py3.13-cpu
# Build: docker build -f images/pytorch-notebook/cpu.Dockerfile -t quay.io/jupyter/pytorch-notebook:py3.13-cpu .
# All of them: docker buildx bake pytorch-notebook
# hadolint global ignore=DL3013

ARG BASE=quay.io/jupyter/scipy-notebook:py3.13-9880ef523361
FROM ${BASE}

ARG BASE
LABEL org.opencontainers.image.title="pytorch-notebook" \
      org.opencontainers.image.description="JupyterLab with PyTorch" \
      org.opencontainers.image.base.name="${BASE}"

# variant cpu
RUN pip install --no-cache-dir \
        --index-url https://download.pytorch.org/whl/cpu \
        torch \
        torchaudio \
        torchvision && \
    fix-permissions "${CONDA_DIR}" "/home/${NB_USER}"
