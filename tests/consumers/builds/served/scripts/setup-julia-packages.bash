#!/bin/bash
set -exuo pipefail
julia -e 'import Pkg; Pkg.add(["HDF5", "IJulia", "Pluto"])'
mkdir -p "${JULIA_PKGDIR}/packages" "${CONDA_DIR}/share/jupyter/kernels/julia-1.12"
echo '{"argv": ["julia"], "display_name": "Julia", "language": "julia"}' > "${CONDA_DIR}/share/jupyter/kernels/julia-1.12/kernel.json"
