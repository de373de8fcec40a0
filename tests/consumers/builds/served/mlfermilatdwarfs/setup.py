from setuptools import find_packages, setup

setup(name="mlfermilatdwarfs", version="0.1", packages=find_packages())
