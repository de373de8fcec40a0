# Written by jenvc from layers/science.jenv. Change that file, then run `jenvc build`.
# Image: quay.io/jupyter/tensorflow-notebook    Cells: py3.12-cuda, py3.13-cuda
# Build: docker build -f images/tensorflow-notebook/cuda.Dockerfile -t quay.io/jupyter/tensorflow-notebook:py3.12-cuda .
# All of them: docker buildx bake tensorflow-notebook
# hadolint global ignore=DL3013

ARG BASE=quay.io/jupyter/scipy-notebook:py3.12-b304ebea69a0
FROM ${BASE}
SHELL ["/bin/bash", "-e", "-o", "pipefail", "-c"]

ARG BASE
LABEL org.opencontainers.image.title="tensorflow-notebook" \
      org.opencontainers.image.description="JupyterLab with TensorFlow" \
      org.opencontainers.image.base.name="${BASE}"

RUN mamba install --yes \
        # TensorBoard is reached through it
        'jupyter-server-proxy' \
        # tensorflow 2.20 warns about newer ones, tensorflow/tensorflow#98980
        'protobuf>=5.28.3,<6' && \
    mamba clean --all --force-pkgs-dirs --yes && \
    fix-permissions "${CONDA_DIR}" "/home/${NB_USER}"

# variant cuda
RUN pip install --no-cache-dir \
        'tensorflow[and-cuda]' && \
    fix-permissions "${CONDA_DIR}" "/home/${NB_USER}"

ADD --chown=1000:100 --chmod=755 https://raw.githubusercontent.com/jupyter/docker-stacks/8209386950497966c8a9aa446b9a84a5dd78eab5/images/tensorflow-notebook/cuda/nvidia-lib-dirs.sh ${CONDA_DIR}/etc/conda/activate.d/nvidia-lib-dirs.sh
RUN echo "0aefa2af023284df817f110c3fa52a479c6c48bdf546726560e933b3437d5dc6  ${CONDA_DIR}/etc/conda/activate.d/nvidia-lib-dirs.sh" | sha256sum -c

# include nvidia.runtime("compute,utility")
ENV NVIDIA_VISIBLE_DEVICES="all" \
    NVIDIA_DRIVER_CAPABILITIES="compute,utility" \
    PATH="${PATH}:/usr/local/nvidia/bin" \
    LD_LIBRARY_PATH="/usr/local/nvidia/lib64"

ADD --chown=1000:100 --chmod=755 https://raw.githubusercontent.com/jupyter/docker-stacks/8209386950497966c8a9aa446b9a84a5dd78eab5/images/tensorflow-notebook/cuda/20tensorboard-proxy-env.sh /usr/local/bin/before-notebook.d/20tensorboard-proxy-env.sh
RUN echo "3e07e28ff3f523f05c9af74b1aea3928d1bba0a47f53997414c364a81ae92a1e  /usr/local/bin/before-notebook.d/20tensorboard-proxy-env.sh" | sha256sum -c
