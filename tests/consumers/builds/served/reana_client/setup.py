from setuptools import find_packages, setup

setup(name="reana-client", version="0.95.0", packages=find_packages())
