from setuptools import find_packages, setup

setup(name="zenodo-jupyterlab", version="0.1.0", packages=find_packages())
