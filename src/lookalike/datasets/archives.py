"""The official archives of the standard sets.

The digests are those that TensorFlow Datasets, Keras, torchvision and vipy publish for these files.
"""

from lookalike.datasets.arrays import CIFAR_ARCHIVE, IDX_ARCHIVES
from lookalike.datasets.fetch import Archive

_IMAGENETTE = "https://s3.amazonaws.com/fast-ai-imageclas"
_OMNIGLOT = "https://raw.githubusercontent.com/brendenlake/omniglot/master/python"
_INDOOR_LISTS = "http://web.mit.edu/torralba/www"
_MNIST = (
    "https://ossci-datasets.s3.amazonaws.com/mnist",
    "https://storage.googleapis.com/cvdf-datasets/mnist",
)
_FASHION = ("http://fashion-mnist.s3-website.eu-central-1.amazonaws.com",)


def _idx(places: tuple[str, ...], *digests: str) -> tuple[Archive, ...]:
    return tuple(
        Archive(name, tuple(f"{place}/{name}" for place in places), (f"sha256:{digest}",))
        for name, digest in zip(IDX_ARCHIVES, digests, strict=True)
    )


CIFAR100 = (
    Archive(
        CIFAR_ARCHIVE,
        (f"https://www.cs.toronto.edu/~kriz/{CIFAR_ARCHIVE}",),
        ("sha256:85cd44d02ba6437773c5bbd22e183051d648de2e7d6b014e1ef29b855ba677a7",),
    ),
)
MNIST = _idx(
    _MNIST,
    "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
    "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
    "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
    "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
)
FASHION_MNIST = _idx(
    _FASHION,
    "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
    "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
    "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
    "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
)
OMNIGLOT = (
    Archive(
        "images_background.zip",
        (f"{_OMNIGLOT}/images_background.zip",),
        ("sha256:ad41ab679c8b5d90b271ef46be6987cc81211774a695c29dcc5367b2b26ee640",),
    ),
    Archive(
        "images_evaluation.zip",
        (f"{_OMNIGLOT}/images_evaluation.zip",),
        ("sha256:1f61a8f3366785b057fc117d9228e78a16e3d976c8953b2a10fcc74cf0609cee",),
    ),
)
IMAGENETTE = (
    Archive(
        "imagenette2-320.tgz",
        (f"{_IMAGENETTE}/imagenette2-320.tgz",),
        ("sha256:5020a9130cea0348272823cb12d2db7e981c6f2afa3dce71ccd5b8013005c55e",),
    ),
)
INDOOR67 = (
    Archive(
        "indoorCVPR_09.tar",
        ("http://groups.csail.mit.edu/vision/LabelMe/NewImages/indoorCVPR_09.tar",),
        ("sha1:0b252516e746ba428b96af408d2e8162d9b08ac5", "md5:5d176e5f0e56624a453f2fe0d8b19ff7"),
    ),
    Archive(
        "TrainImages.txt",
        (f"{_INDOOR_LISTS}/TrainImages.txt",),
        (
            "sha256:7ec85f88735739d8159061e4bcf6a9765aab8606ab444605b3f8e0641be0260e",
            "md5:fd987513d0f623c424252770fac3f354",
        ),
    ),
    Archive(
        "TestImages.txt",
        (f"{_INDOOR_LISTS}/TestImages.txt",),
        (
            "sha256:906c529a5a0918feec371de5b07a465ddb1f15ebaebc90a33cc321c371133bf1",
            "md5:f00bef137f39d51e4894303a7bf4c2d4",
        ),
    ),
)
