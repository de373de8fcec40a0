from setuptools import find_packages, setup

setup(name="stand-in-git", version="1.0", packages=find_packages())
