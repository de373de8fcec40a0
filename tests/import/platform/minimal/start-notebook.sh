exec jupyter lab
