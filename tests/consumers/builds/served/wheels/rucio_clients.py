

def main():
    print("rucio", __version__)
