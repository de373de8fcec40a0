from setuptools import find_packages, setup

setup(name="pytsa", version="2.0", packages=find_packages())
