from setuptools import find_packages, setup

setup(name="wdf", version="2.0", packages=find_packages())
