# Written by jenvc from layers/science.jenv. Change that file, then run `jenvc build`.
# Image: quay.io/jupyter/pytorch-notebook    Cells: py3.12-cuda13, py3.13-cuda13
# Build: docker build -f images/pytorch-notebook/cuda13.Dockerfile -t quay.io/jupyter/pytorch-notebook:py3.12-cuda13 .
# All of them: docker buildx bake pytorch-notebook
# hadolint global ignore=DL3013

ARG BASE=quay.io/jupyter/scipy-notebook:py3.12-b304ebea69a0
FROM ${BASE}

ARG BASE
LABEL org.opencontainers.image.title="pytorch-notebook" \
      org.opencontainers.image.description="JupyterLab with PyTorch" \
      org.opencontainers.image.base.name="${BASE}"

# include nvidia.torch("cu130")
RUN pip install --no-cache-dir \
        --index-url https://download.pytorch.org/whl/cu130 \
        --extra-index-url https://pypi.nvidia.com \
        torch \
        torchaudio \
        torchvision && \
    fix-permissions "${CONDA_DIR}" "/home/${NB_USER}"

# include runtime("compute,utility")
ENV NVIDIA_VISIBLE_DEVICES="all" \
    NVIDIA_DRIVER_CAPABILITIES="compute,utility" \
    PATH="${PATH}:/usr/local/nvidia/bin" \
    LD_LIBRARY_PATH="/usr/local/nvidia/lib64"
