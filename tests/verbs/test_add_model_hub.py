"""`models add` of repositories in the layout of transformers: small ones, drawn and saved here."""

import json
import os
import shutil
from pathlib import Path

import huggingface_hub
import numpy as np
import pytest
from made_words import tokenizer_of
from PIL import Image
from scenes import scene

import lookalike
from lookalike.encoders.text_encoder import words_of
from lookalike.encoders.text_file import text_path
from lookalike.nouns.errors import InputError, MissingExtra, WrongModel

torch = pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")
torch.set_num_threads(1)

WORDS = "a red bicycle two dogs in the snow old photograph of harbour x playing ships with an"
SMALL = {
    "hidden_size": 32,
    "intermediate_size": 48,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
}
SEEN = {**SMALL, "image_size": 64, "patch_size": 16}


@pytest.fixture(scope="module", autouse=True)
def _quiet():
    transformers.utils.logging.disable_progress_bar()
    transformers.utils.logging.set_verbosity_error()


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty models folder."""
    monkeypatch.setenv("LOOKALIKE_MODELS", str(tmp_path / "models"))
    monkeypatch.delenv("LOOKALIKE_DATA", raising=False)
    return tmp_path


def drawn(kind, config):
    """A model with weights that make vectors differ."""
    torch.manual_seed(0)
    model = kind(config).eval()
    with torch.no_grad():
        for weights in model.parameters():
            weights.normal_(0, 0.2)
    return model


def with_tokenizer(place, length):
    """A fast tokenizer beside the weights; its last token ends a text."""
    tokenizer = tokenizer_of(["<end>", *dict.fromkeys(WORDS.split())])
    tokenizer.no_padding()
    tokenizer.no_truncation()
    from tokenizers.processors import TemplateProcessing

    tokenizer.post_processor = TemplateProcessing(
        single="$A <end>", special_tokens=[("<end>", tokenizer.token_to_id("<end>"))]
    )
    fast = transformers.PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        model_max_length=length,
        pad_token="[pad]",
        eos_token="<end>",
        unk_token="[pad]",
    )
    fast.save_pretrained(place)
    return len(fast)


def clip(place):
    """CLIP: pictures cropped, words ended by a token of their own."""
    known = with_tokenizer(place, 12)
    text = {**SMALL, "vocab_size": known, "max_position_embeddings": 12, "eos_token_id": 1}
    config = transformers.CLIPConfig(
        text_config={**text, "pad_token_id": 0, "bos_token_id": 2},
        vision_config=SEEN,
        projection_dim=24,
    )
    drawn(transformers.CLIPModel, config).save_pretrained(place)
    transformers.CLIPImageProcessor(
        size={"shortest_edge": 72}, crop_size={"height": 64, "width": 64}
    ).save_pretrained(place)


def siglip(place):
    """SigLIP: pictures squashed, words filled up without a mask."""
    known = with_tokenizer(place, 16)
    config = transformers.SiglipConfig(
        text_config={**SMALL, "vocab_size": known, "max_position_embeddings": 16},
        vision_config=SEEN,
    )
    drawn(transformers.SiglipModel, config).save_pretrained(place)
    transformers.SiglipImageProcessor(size={"height": 64, "width": 64}).save_pretrained(place)


def dinov2(place):
    """DINOv2: the class token after a norm, larger pictures than its places."""
    config = transformers.Dinov2Config(
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=4,
        mlp_ratio=2,
        image_size=70,
        patch_size=14,
    )
    drawn(transformers.Dinov2Model, config).save_pretrained(place)
    transformers.BitImageProcessor(
        size={"shortest_edge": 64}, crop_size={"height": 56, "width": 56}
    ).save_pretrained(place)


def vit(place):
    """ViT as it classifies: without a pooler."""
    config = transformers.ViTConfig(**SEEN, num_labels=3)
    drawn(transformers.ViTForImageClassification, config).save_pretrained(place)
    transformers.ViTImageProcessor(size={"height": 64, "width": 64}).save_pretrained(place)


def convnext(place):
    """ConvNeXT: maps, and a crop that is told by a share."""
    config = transformers.ConvNextConfig(hidden_sizes=[16, 24], depths=[1, 1], num_stages=2)
    drawn(transformers.ConvNextModel, config).save_pretrained(place)
    transformers.ConvNextImageProcessor(size={"shortest_edge": 64}, crop_pct=0.875).save_pretrained(
        place
    )


def taken(model, x):
    """The vector that the network is compared by, as its own documentation has it."""
    with torch.no_grad():
        if hasattr(model, "get_image_features"):
            found = model.get_image_features(pixel_values=x)
            return getattr(found, "pooler_output", found)
        found = model(pixel_values=x)
        if model.config.model_type == "vit":
            return found.last_hidden_state[:, 0]
        return found.pooler_output


@pytest.mark.parametrize("made", [clip, siglip, dinov2, vit, convnext], ids=lambda f: f.__name__)
def test_pictures_give_what_transformers_gives(folder, made):
    place = folder / "hub" / "encoder"
    made(place)
    (place / "README.md").write_text("---\ntags: []\nlicense: mit\n---\n# It\n")
    report = lookalike.add_model(str(place))
    assert report.model == folder / "models" / "encoder.onnx"
    assert lookalike.read_card(report.model).licence == "mit"
    encoder = lookalike.load_encoder("encoder", provider="cpu")
    pictures = [np.array(scene(seed, (130, 100))) for seed in range(3)]
    processor = transformers.AutoImageProcessor.from_pretrained(place)
    model = transformers.AutoModel.from_pretrained(place).eval()
    x = processor(images=pictures, return_tensors="pt")["pixel_values"]
    wanted = torch.nn.functional.normalize(taken(model, x), dim=1).numpy()
    scores = (encoder.encode(pictures) * wanted).sum(axis=1)
    assert scores.min() > 0.995  # pixels are rounded in another order
    others = wanted @ wanted.T - np.eye(3)
    assert others.max() < scores.min()  # so a picture's vector is its own


@pytest.mark.parametrize("made", [clip, siglip], ids=lambda f: f.__name__)
def test_words_give_what_transformers_gives(folder, made):
    place = folder / "pair"
    made(place)
    report = lookalike.add_model(str(place))
    assert report.words == text_path(report.model) and report.words.is_file()
    texts = ["a red bicycle", "two dogs in the snow " * 9, "Zebra"]
    ours = words_of(lookalike.load_encoder("pair", provider="cpu")).encode(texts)
    model = transformers.AutoModel.from_pretrained(place).eval()
    tokenizer = transformers.AutoTokenizer.from_pretrained(place)
    tokens = tokenizer(texts, padding="max_length", truncation=True, return_tensors="pt")
    with torch.no_grad():
        found = model.get_text_features(**tokens)
    wanted = torch.nn.functional.normalize(getattr(found, "pooler_output", found), dim=1).numpy()
    assert np.abs(ours - wanted).max() < 1e-3
    assert np.abs(ours[0] - ours[1]).max() > 0.01


def test_words_search_an_index_made_by_the_pair(folder, album):
    clip(folder / "pair")
    lookalike.add_model(str(folder / "pair"))
    source = lookalike.Source(album, model="pair", provider="cpu")
    (answer,) = lookalike.search_text("a red bicycle", source, k=100).answers
    encoder = lookalike.load_encoder("pair", provider="cpu")
    (vector,) = words_of(encoder).encode(["a red bicycle"])
    best = np.asarray(Image.open(album / answer.hits[0].path).convert("RGB"))
    assert answer.hits[0].score == pytest.approx(encoder.encode([best])[0] @ vector, abs=0.01)
    assert len(answer.hits) == lookalike.info(album).n_pictures


def test_another_size_half_weights_and_no_words_left_behind(folder):
    place = folder / "net"
    clip(place)
    assert lookalike.add_model(str(place), half=True).words is not None
    shutil.rmtree(place)
    dinov2(place)
    report = lookalike.add_model(str(place), size_px=84)
    assert report.size_px == 84 and report.words is None
    assert not text_path(report.model).exists()


def test_words_without_a_tokenizer_are_left_out_and_told(folder):
    place = folder / "pair"
    clip(place)
    for file in place.glob("tokenizer*"):
        file.unlink()
    report = lookalike.add_model(str(place))
    assert report.model.is_file() and report.words is None
    assert "words cannot be used" in report.remarks[-1]


def test_what_cannot_be_taken_over_is_refused(folder):
    place = folder / "net"
    vit(place)
    told = json.loads((place / "preprocessor_config.json").read_text())
    for change, words in (
        ({"size": {"longest_edge": 64}}, "not known"),
        ({"image_mean": "?"}, "not known"),
        ({"do_resize": False}, "not known"),
    ):
        (place / "preprocessor_config.json").write_text(json.dumps({**told, **change}))
        with pytest.raises(WrongModel, match=words):
            lookalike.add_model(str(place))
    (place / "preprocessor_config.json").unlink()
    with pytest.raises(WrongModel, match="how pictures are prepared"):
        lookalike.add_model(str(place))
    (place / "preprocessor_config.json").write_text(json.dumps(told))
    with pytest.raises(InputError, match="timm can be pooled"):
        lookalike.add_model(str(place), pooling="gem")
    weights = place / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:1000])
    with pytest.raises(InputError, match="cannot be had"):
        lookalike.add_model(str(place))
    assert not list((folder / "models").glob("*"))


def test_without_a_network_or_the_library_the_cure_is_told(folder, monkeypatch):
    def fail(*_, **__):
        raise OSError("no route to host")

    monkeypatch.setattr(huggingface_hub, "hf_hub_download", fail)
    for name in ("openai/clip-vit-base-patch32", "hf-hub:somebody/something"):
        with pytest.raises(InputError, match="no route to host") as caught:
            lookalike.add_model(name)
        assert "where there is a network" in caught.value.mend
        assert "as a folder" in caught.value.mend
    vit(folder / "net")
    monkeypatch.setattr("lookalike.verbs.add_model.find_spec", lambda _: None)
    with pytest.raises(MissingExtra) as missing:
        lookalike.add_model(str(folder / "net"))
    assert "lookalike[hub]" in missing.value.mend


def test_of_the_hub_only_what_is_needed_is_fetched(folder, monkeypatch):
    from lookalike.training.hf_folder import hf_folder

    made = folder / "somewhere"
    dinov2(made)
    asked = []

    def whole(repository, *, allow_patterns=(), local_files_only=False):
        asked.append((repository, tuple(allow_patterns), local_files_only))
        return str(made)

    monkeypatch.setattr(huggingface_hub, "hf_hub_download", lambda _, file: str(made / file))
    monkeypatch.setattr(huggingface_hub, "snapshot_download", whole)
    files = [*os.listdir(made), "pytorch_model.bin", "tf_model.h5", "onnx/model.onnx"]
    monkeypatch.setattr(huggingface_hub.HfApi, "list_repo_files", lambda *_: files)
    report = lookalike.add_model("facebook/dinov2-tiny")
    assert report.name == "dinov2-tiny" and Path(report.model).is_file()
    ((repository, patterns, _),) = asked
    assert repository == "facebook/dinov2-tiny" and "model.safetensors" in patterns
    assert not any("bin" in pattern or "h5" in pattern for pattern in patterns)

    def fail(*_):
        raise OSError("no route to host")

    monkeypatch.setattr(huggingface_hub.HfApi, "list_repo_files", fail)
    assert hf_folder("facebook/dinov2-tiny") == made and asked[-1][2]  # fetched before
