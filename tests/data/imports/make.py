"""Writes the files of this folder, after the descriptions of the formats: python3 make.py (NumPy).

All hold the same two sentences. The weights W are exact in half precision and with six decimals; plane p of several has
the rows of W moved up by p. "-transposed" has rows and columns changed, "-padded" zeros at the end, "-bare" no ends of
sentence. test-import.c knows what must come of each."""

import base64, gzip, io, json, struct
import numpy as np

SRC = [["la", "vieille", "maison", "dort"], ["il", "pleut"]]
TGT = [["the", "house", "sleeps"], ["it", "rains"]]
W = [
    np.array([[.5, .25, .125, .0625, .0625], [.0625, .125, .6875, .0625, .0625],
              [.03125, .0625, .0625, .75, .09375], [.0625, .0625, .0625, .0625, .75]], dtype="<f4"),
    np.array([[.75, .125, .125], [.25, .625, .125], [.0625, .1875, .75]], dtype="<f4"),
]
LINKS = ["0-0 1p1 2-1 3-2", "0-0 1?1"]
END = "</s>"


def pad(a, n=2):
    return np.pad(a, [(0, 0)] * (a.ndim - 1) + [(0, n)])


VARIANTS = {
    "": lambda a: a,
    "-transposed": lambda a: a.T,
    "-padded": pad,
    "-bare": lambda a: a[:-1, :-1],
}


def write(name, data):
    with open(name, "wb") as f:
        f.write(data if isinstance(data, bytes) else data.encode())


def num(x):
    return "%g" % x


def rows(a, sep, fmt=num):
    return [sep.join(fmt(x) for x in r) for r in a]


def sentences():
    return zip(SRC, TGT, W)


write("tokens.src", "".join(" ".join(s) + "\n" for s in SRC))
write("tokens.trg", "".join(" ".join(t) + "\n" for t in TGT))

# 1: Moses, NAACL
write("moses.txt", "\n".join(LINKS) + "\n")
write("moses-transposed.txt", "0-0 1p1 1-2 2-3\n0-0 1?1\n")
write("naacl.txt", "0001 1 1\n0001 2 2 P\n0001 3 2 S\n0001 4 3 S 0.9\n0002 1 1 S\n0002 2 2 P 0.25\n")

# 2: Marian
for v, f in VARIANTS.items():
    write(f"marian{v}.txt", "".join(" ".join(t) + " ||| " + " ".join(rows(f(w), ",")) + "\n" for s, t, w in sentences()))
write("marian-hard.txt", "".join(" ".join(t) + " ||| " + l.replace("p", "-").replace("?", "-") + "\n"
                                 for t, l in zip(TGT, LINKS)))
write("marian-nbest.txt", "".join(
    f"{i} ||| {' '.join(t)} ||| {' '.join(rows(w, ','))} ||| WordScores= {' '.join(['-0.5'] * len(w))} ||| F0=-3.5 ||| -0.7\n"
    for i, (s, t, w) in enumerate(sentences()) for k in range(2)))

# 3: Nematus and its relatives
for v, f in VARIANTS.items():
    write(f"nematus{v}.txt", "".join(
        f"{i} ||| {' '.join(t)} ||| 0 ||| {' '.join(s)} ||| {len(s) + 1} {len(t) + 1}\n" + " \n".join(rows(f(w), " ")) + " \n\n"
        for i, (s, t, w) in enumerate(sentences())))
write("nematus-marian-dev.txt", "".join(
    f"\n{i} ||| {' '.join(t)} ||| 0 ||| {' '.join(s)} ||| 1 ||| 1\n" + "\n".join(rows(w[:-1, :-1], " ")) + "\n"
    for i, (s, t, w) in enumerate(sentences())))
write("sockeye-matrix.txt", "\n".join(
    f"{i} ||| {' '.join(t + [END])} ||| 0.285254 ||| {' '.join(s + [END])} ||| {len(s) + 1} ||| {len(t) + 1}\n"
    + "\n".join(rows(w.T, " ", lambda x: "%f" % x)) + "\n" for i, (s, t, w) in enumerate(sentences())))
square = np.array([[.75, .125, .125], [.125, .75, .125], [.125, .125, .75]])
write("nematus-ambiguous.txt", "0 ||| it rains ||| 0 ||| il pleut ||| 0 0\n" + "\n".join(rows(square, " ")) + "\n")
write("nematus-pieces.txt", "0 ||| ▁the ▁cot ta ge ||| 0 ||| vi@@ eille maison ||| 0 0\n"
      + "\n".join(rows(np.full((4, 3), .25), " ")) + "\n")

# 4: Nematus JSON
for v, f in VARIANTS.items():
    write(f"nematus-json{v}.json", "".join(json.dumps(
        {"id": i, "prob": 0, "target_sent": " ".join(t), "matrix": f(w).tolist(), "source_sent": " ".join(s)}) + "\n"
        for i, (s, t, w) in enumerate(sentences())))
write("nematus-json-quote.json", '{"id": 0, "prob": 0, "target_sent": "say "no", now", "matrix": '
      + json.dumps(W[0].tolist()) + ', "source_sent": "dites "non" , maintenant"}\n')

# 5: Sockeye 1
write("sockeye-links.txt", "".join(" ".join(t) + "\t" + l.replace("p", "-").replace("?", "-") + "\n" for t, l in zip(TGT, LINKS)))
links = lambda l: [[int(x) for x in p.replace("p", "-").replace("?", "-").split("-")] for p in l.split()]
write("sockeye.json", "".join(json.dumps({"sentence_id": i, "translation": " ".join(t), "score": 1.5,
                                          "alignments": [links(l)]}) + "\n" for i, (t, l) in enumerate(zip(TGT, LINKS))))
beams = {"predicted_ids": [[1, 2]], "parent_ids": [[0, 0]], "scores": [[0.5, 0.6]], "id": 0}
write("beams.json", json.dumps(beams) + "\n")

# 6: fairseq; lines of the two sentences are mixed
for v, f in VARIANTS.items():
    a = [",".join(r) if 0 else " ".join(rows(f(w), ",", lambda x: "%.6f" % x)) for w in W]
    write(f"fairseq{v}.txt", "2026-01-01 00:00:00 | INFO | fairseq_cli.generate | loading\n"
          + "".join(f"S-{i}\t{' '.join(SRC[i])}\n" for i in (1, 0))
          + "".join(f"H-{i}\t-0.25\t{' '.join(TGT[i])}\nD-{i}\t-0.25\tdetokenised\nP-{i}\t{' '.join(['-1.0000'] * len(W[i]))}\nA-{i}\t{a[i]}\n"
                    for i in (1, 0)))
write("fairseq-hard.txt", "".join(f"S-{i}\t{' '.join(SRC[i])}\nH-{i}\t-0.25\t{' '.join(TGT[i])}\nA-{i}\t{LINKS[i].replace('p', '-').replace('?', '-')}\n"
                                  for i in (0, 1)))
write("fairseq-old.txt", "".join(f"S-{i}\t{' '.join(SRC[i])}\nH-{i}\t-0.25\t{' '.join(TGT[i])}\nA-{i}\t{a}\n"
                                 for i, a in enumerate(["0 2 3 4", "0 1 2"])))

# 7: OpenNMT-py
for v, f in VARIANTS.items():
    out = ""
    for i, (s, t, w) in enumerate(sentences()):
        m = f(w)
        cols, words = s + [END], t + [END]
        if v == "-bare":
            cols, words = s, t
        if v == "-padded":
            cols = cols + ["<blank>"] * 2
        if v == "-transposed":
            cols, words = words, cols
        out += f"SENT {i + 1}: {cols!r}\nPRED {i + 1}: {' '.join(w for w in words if w != END)}\nPRED SCORE: -1.5\n"
        out += ("{:>10.10} " + "{:>10.7} " * len(cols)).format("", *cols) + "\n"
        for word, r in zip(words, m):
            cells = ["{:>10.7f}".format(x) for x in r]
            k = int(np.argmax(r))
            cells[k] = "{:*>10.7f}".format(r[k])
            out += "{:>10.10} ".format(word) + " ".join(cells) + " \n"
        out += "\n"
    write(f"opennmt{v}.txt", out)


# 8: NumPy
def npy(a, version=(1, 0)):
    f = io.BytesIO()
    np.lib.format.write_array(f, a, version)
    return f.getvalue()


monkey = np.zeros((2, 8, 9), dtype="<f4")  # [sentence, source, target], the rest of the target garbage that sums to 1
for i, w in enumerate(W):
    monkey[i, 0, :] = 1
    monkey[i, :, :len(w)] = 0
    monkey[i, :w.shape[1], :w.shape[0]] = w.T
write("monkey.npy", npy(monkey))
write("monkey-transposed.npy", npy(np.ascontiguousarray(monkey.transpose(0, 2, 1))))
write("matrix-f8-fortran-v2.npy", npy(np.asfortranarray(W[0].astype("<f8")), (2, 0)))
planes = np.array([[np.roll(W[0], -(l * 3 + h), axis=0) for h in range(3)] for l in range(2)])
for v, f in {"": lambda a: a, "-transposed": lambda a: a.transpose(0, 1, 3, 2), "-padded": pad,
             "-bare": lambda a: np.roll(a, 0)[:, :, :, :-1]}.items():
    f16 = f(planes).astype("<f2")
    with open(f"attn{v}.npz", "wb") as file:
        (np.savez_compressed if v == "-transposed" else np.savez)(file, attn=f16, src=np.array(SRC[0]), tgt=np.array(TGT[0]))
with open("attn-many.npz", "wb") as file:
    np.savez(file, **{f"{k}_{i}": x for i in range(2) for k, x in
                      (("attn", W[i]), ("src", np.array(SRC[i])), ("tgt", np.array(TGT[i])))})
with open("arr.npz", "wb") as file:
    np.savez(file, *W)
with open("attn-nan.npz", "wb") as file:
    nan = W[0].copy()
    nan[2, 1] = np.nan
    np.savez(file, attn=nan, src=np.array(SRC[0]), tgt=np.array(TGT[0]))
with open("beams.npz", "wb") as file:
    np.savez(file, predicted_ids=np.zeros((2, 2), dtype="<f4"), scores=np.zeros((2, 2), dtype="<f4"))
write("bytes.npy", npy(np.array([[255, 0], [0, 7], [1, 2]], dtype="|u1")))

# 9: attn_vis
for v, f in VARIANTS.items():
    w = f(W[0][:-1])
    if v == "-bare":
        w = W[0][:-1, :-1]
    write(f"attn-vis{v}.json", json.dumps({
        "article_lst": SRC[0] + ["__&lt;b&gt;__"], "decoded_lst": TGT[0], "abstract_str": "a house", "attn_dists": w.tolist(),
        "p_gens": [.75, .5, .25]}))

# 10: BertViz, tensor2tensor
for v, f in {"": lambda a: a, "-transposed": lambda a: a.transpose(0, 1, 3, 2), "-padded": pad}.items():
    params = {"attention": [{"name": "Cross", "attn": f(planes).tolist(), "left_text": TGT[0] + [END],
                             "right_text": SRC[0] + [END]}],
              "default_filter": "0", "root_div_id": "bertviz-" + "0" * 32, "layer": None, "heads": None, "include_layers": [0, 1]}
    write(f"bertviz{v}.html", "<script>require.config({});\nrequire(['bertviz'], function() {\nconst params = " + json.dumps(params)
          + "; // HACK\nfunction f() { return {}; }\n});</script>\n")
    if not v:
        params["attention"] = {"all": params["attention"][0]}
        write("bertviz-neuron.html", "<script>const params = " + json.dumps(params) + ";</script>\n")
    t2t = {"inp_out": {"att": f(planes).tolist(), "top_text": SRC[0] + [END], "bot_text": TGT[0] + [END]}}
    write(f"t2t{v}.html", "<script>\nwindow.attention = " + json.dumps(t2t) + ";\n</script>\n")


# 11: Inseq
def tokens(l):
    return [{"__instance_type__": ["inseq.utils.typing", "TokenWithId"], "attributes": {"token": x, "id": i}} for i, x in enumerate(l)]


def inseq(att, src=SRC[0] + [END], tgt=TGT[0] + [END]):
    return json.dumps({"__instance_type__": ["inseq.data.attribution", "FeatureAttributionOutput"], "attributes": {
        "info": {"model_name": "x"}, "sequence_attributions": [{
            "__instance_type__": ["inseq.data.attribution", "FeatureAttributionSequenceOutput"], "attributes": {
                "source": tokens(src), "target": tokens(tgt), "source_attributions": att,
                "step_scores": {"probability": float("nan")}}}]}})


def safetensors(a):
    header = json.dumps({"attribution": {"dtype": "F32", "shape": list(a.shape), "data_offsets": [0, a.nbytes]}}).encode()
    return base64.b64encode(struct.pack("<Q", len(header)) + header + a.tobytes()).decode()


st = np.ascontiguousarray(planes.transpose(3, 2, 0, 1))  # [S,T,L,H]
write("inseq.json", inseq(safetensors(st)))
write("inseq-transposed.json", inseq(safetensors(np.ascontiguousarray(st.transpose(1, 0, 2, 3)))))
write("inseq-padded.json", inseq(safetensors(np.ascontiguousarray(np.pad(st, [(0, 2), (0, 0), (0, 0), (0, 0)])))))
write("inseq.json.gz", gzip.compress(inseq(safetensors(st)).encode(), mtime=0))
old = np.ascontiguousarray(W[0].T)
for name, data in ("b64", old.tobytes()), ("b64.gz", gzip.compress(old.tobytes(), mtime=0)):
    write(f"inseq-old-{name}.json", inseq({"__ndarray__": name + ":" + base64.b64encode(data).decode(), "dtype": "float32",
                                           "shape": list(old.shape), "Corder": True}))

# 12: SoftAlignments
for v, f in VARIANTS.items():
    body = ""
    for w in W:
        m = f(w)
        body += "[" + ", ".join(f"[{s}, {num(m[t, s])}, {t}]" for t in range(m.shape[0]) for s in range(m.shape[1])) + "], \n"
    write(f"soft{v}.ali.js", "var alignments = [\n" + body + "]\n")
    for side, words in ("src", SRC), ("trg", TGT):
        write(f"soft{v}.{side}.js", "var " + ("sources" if side == "src" else "targets") + " = [\n"
              + "".join(json.dumps(x) + ", \n" for x in words) + "]\n")

# 13: Seq2Seq-Vis
for v, f in VARIANTS.items():
    answer = {"encoder": [{"token": x, "state": [0.5]} for x in SRC[0]],
              "decoder": [[{"token": x, "state": [0.5], "cstar": [1]} for x in TGT[0]], [{"token": x} for x in TGT[1]]],
              "attn": [f(W[0]).tolist(), W[1].tolist()], "scores": [-1, -2], "beam": [0]}
    write(f"seq2seq-vis{v}.json", json.dumps(answer))
