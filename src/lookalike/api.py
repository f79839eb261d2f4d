"""THE public list: what `import lookalike` offers."""

from lookalike.encoders.choose import load_encoder
from lookalike.encoders.encoder import Encoder
from lookalike.encoders.model_file import read_card, write_model
from lookalike.nouns.adapt_report import AdaptReport
from lookalike.nouns.against_report import AgainstReport
from lookalike.nouns.answers import TuneReport
from lookalike.nouns.approximation import Approximation
from lookalike.nouns.card import Calibration, ModelCard, Preprocessing
from lookalike.nouns.clean_plan import CleanPlan, Removal
from lookalike.nouns.clean_report import CleanReport, OperationsReport
from lookalike.nouns.compare_report import CompareReport
from lookalike.nouns.compared_list import ComparedList
from lookalike.nouns.demo_report import DemoReport
from lookalike.nouns.duplicates_report import DuplicatesReport
from lookalike.nouns.errors import (
    BusyIndex,
    InputError,
    LookalikeError,
    MissingExtra,
    RecipeError,
    UnreadableImage,
    WrongIndex,
    WrongModel,
)
from lookalike.nouns.evaluation_report import EvaluationReport
from lookalike.nouns.explain_report import ExplainReport
from lookalike.nouns.export_report import ExportReport
from lookalike.nouns.hash_report import HashReport
from lookalike.nouns.index_report import IndexReport, InfoReport, MergeReport, ModelsReport
from lookalike.nouns.keep_rules import KeepRules
from lookalike.nouns.learnt_report import LearntReport
from lookalike.nouns.map_report import Cluster, Colouring, MapReport
from lookalike.nouns.match_options import MatchOptions
from lookalike.nouns.match_report import MatchReport
from lookalike.nouns.questions import Question, QuestionsReport
from lookalike.nouns.recipe import DataPart, JudgePart, Recipe
from lookalike.nouns.recognise_report import RecogniseOptions, RecogniseReport
from lookalike.nouns.search_report import SearchReport
from lookalike.nouns.text_report import TextSearchReport
from lookalike.nouns.train_report import Epoch, TrainReport
from lookalike.nouns.verdict import Level, Rung, Verdict
from lookalike.nouns.where import Where
from lookalike.verbs.adapt import adapt
from lookalike.verbs.add_model import add_model
from lookalike.verbs.against import duplicates_against, duplicates_of
from lookalike.verbs.clean import (
    clean,
    load_plan,
    operations,
    plan_clean,
    purge,
    read_rules,
    save_plan,
    undo,
)
from lookalike.verbs.clean_against import plan_clean_against
from lookalike.verbs.compare import compare
from lookalike.verbs.compare_list import compare_list
from lookalike.verbs.demo import demo
from lookalike.verbs.distil import distil
from lookalike.verbs.duplicates import duplicates
from lookalike.verbs.evaluate import evaluate
from lookalike.verbs.explain import explain, save_explanation
from lookalike.verbs.export import export
from lookalike.verbs.hash import hash_pictures
from lookalike.verbs.index import index
from lookalike.verbs.info import info
from lookalike.verbs.map import map_pictures
from lookalike.verbs.map_page import save_map, save_map_image
from lookalike.verbs.match import match
from lookalike.verbs.merge import merge
from lookalike.verbs.models import models
from lookalike.verbs.own_pictures import forget_pictures, tune_from_pictures
from lookalike.verbs.questions import answer_questions, questions, save_questions
from lookalike.verbs.ready import Source
from lookalike.verbs.recipes import load_recipe, recipe_names
from lookalike.verbs.recognise import recognise
from lookalike.verbs.saved import load_against, load_duplicates, save_duplicates
from lookalike.verbs.search import search
from lookalike.verbs.search_text import search_text
from lookalike.verbs.show import save_page
from lookalike.verbs.train import train
from lookalike.verbs.tune import tune

__all__ = [
    "AdaptReport",
    "AgainstReport",
    "Approximation",
    "BusyIndex",
    "Calibration",
    "CleanPlan",
    "CleanReport",
    "Cluster",
    "Colouring",
    "CompareReport",
    "ComparedList",
    "DataPart",
    "DemoReport",
    "DuplicatesReport",
    "Encoder",
    "Epoch",
    "EvaluationReport",
    "ExplainReport",
    "ExportReport",
    "HashReport",
    "IndexReport",
    "InfoReport",
    "InputError",
    "JudgePart",
    "KeepRules",
    "LearntReport",
    "Level",
    "LookalikeError",
    "MapReport",
    "MatchOptions",
    "MatchReport",
    "MergeReport",
    "MissingExtra",
    "ModelCard",
    "ModelsReport",
    "OperationsReport",
    "Preprocessing",
    "Question",
    "QuestionsReport",
    "Recipe",
    "RecipeError",
    "RecogniseOptions",
    "RecogniseReport",
    "Removal",
    "Rung",
    "SearchReport",
    "Source",
    "TextSearchReport",
    "TrainReport",
    "TuneReport",
    "UnreadableImage",
    "Verdict",
    "Where",
    "WrongIndex",
    "WrongModel",
    "adapt",
    "add_model",
    "answer_questions",
    "clean",
    "compare",
    "compare_list",
    "demo",
    "distil",
    "duplicates",
    "duplicates_against",
    "duplicates_of",
    "evaluate",
    "explain",
    "export",
    "forget_pictures",
    "hash_pictures",
    "index",
    "info",
    "load_against",
    "load_duplicates",
    "load_encoder",
    "load_plan",
    "load_recipe",
    "map_pictures",
    "match",
    "merge",
    "models",
    "operations",
    "plan_clean",
    "plan_clean_against",
    "purge",
    "questions",
    "read_card",
    "read_rules",
    "recipe_names",
    "recognise",
    "save_duplicates",
    "save_explanation",
    "save_map",
    "save_map_image",
    "save_page",
    "save_plan",
    "save_questions",
    "search",
    "search_text",
    "train",
    "tune",
    "tune_from_pictures",
    "undo",
    "write_model",
]
