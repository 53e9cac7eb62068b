var targets = [
["the", "house", "sleeps"], 
["it", "rains"], 
]
