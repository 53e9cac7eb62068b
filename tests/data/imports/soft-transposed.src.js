var sources = [
["la", "vieille", "maison", "dort"], 
["il", "pleut"], 
]
